import { type Saying, say, sayAll, withText } from '../base/say.ts';
import type { AskedPrompts } from '../classifiers/calibration/asked-prompt.ts';
import type { SetAside } from '../classifiers/calibration/calibration-file.ts';
import { type CalibratedEngine, calibratedEngines } from '../classifiers/calibration/calibrations.ts';

const names = { local: 'the embedded engine', claude: 'Claude', 'second-opinion': 'the second opinion' } as const;

const run = 'Run: switchboard calibrate';
const cure =
  'Until then it goes by counts of how often answers of each stated certainty were right (docs/claude.md), and leaves a ticket to people where they do not reach the target. ' +
  run;
const localCure = `Until then it goes by what its training measured on the examples. ${run}`;

type Uncalibrated = {
  readonly engine: CalibratedEngine;
  readonly isSetAside: boolean;
  readonly message: string;
  readonly cure: string;
};

/** Which models are asked without a calibration and which calibrations are set aside, and what to do. */
export function describeUncalibrated(options: {
  asked: AskedPrompts;
  calibrations: { has(engine: CalibratedEngine): boolean };
  setAside: readonly SetAside[];
}): Uncalibrated[] {
  const { asked, calibrations, setAside } = options;
  return calibratedEngines.flatMap((engine) => {
    const why = setAside.find((aside) => aside.engine === engine)?.why;
    const isUsed = asked[engine] !== undefined || (engine === 'local' && why !== undefined);
    if (!isUsed || calibrations.has(engine)) return [];
    const message =
      why === undefined
        ? `${names[engine]} is not calibrated yet`
        : `the calibration of ${names[engine]} is set aside: ${why}`;
    return [{ engine, isSetAside: why !== undefined, message, cure: engine === 'local' ? localCure : cure }];
  });
}

/** The same as a sentence for people. */
export function sentenceOf({ engine, isSetAside, message, cure: what }: Uncalibrated): Saying {
  const text = `${message.charAt(0).toUpperCase()}${message.slice(1)}. ${what}`;
  const found = isSetAside
    ? say('doctor.calibration-set-aside', message, { stage: engine })
    : say('doctor.not-calibrated', message, { stage: engine });
  const meanwhile = engine === 'local' ? say('doctor.by-training', what) : say('doctor.by-stated-certainty', what);
  return withText(sayAll([found, meanwhile]), text);
}
