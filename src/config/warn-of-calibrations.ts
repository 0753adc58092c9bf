import type { AskedPrompts } from '../classifiers/calibration/asked-prompt.ts';
import { readCalibrationFiles } from '../classifiers/calibration/calibration-file.ts';
import type { CalibratedEngine } from '../classifiers/calibration/calibrations.ts';
import type { CalibrationFacts } from '../classifiers/calibration/describe-calibration.ts';
import type { Problem } from '../errors.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { askedPrompts } from './asked-prompts.ts';
import type { LoadedConfig } from './config-schema.ts';
import { describeUncalibrated } from './describe-uncalibrated.ts';
import { placeOf } from './place-of.ts';

/**
 * Warns of models that are asked without a calibration, and of calibrations that are set aside. `lookIntoStore` is called
 * only where the data folder has not all of them; null when the store cannot be read.
 */
export async function warnOfCalibrations(
  { config, taxonomy }: { config: LoadedConfig; taxonomy: Taxonomy },
  lookIntoStore: (asked: AskedPrompts) => Promise<readonly CalibrationFacts[] | null>,
): Promise<Problem[]> {
  const { dataDir, classifier } = config.settings;
  if (typeof classifier === 'object') return [];
  const asked = await askedPrompts({ config, taxonomy });
  const { get, setAside } = await readCalibrationFiles({ dataDir, taxonomy: taxonomy.version, asked });
  const describe = (has: (engine: CalibratedEngine) => boolean) =>
    describeUncalibrated({ asked, calibrations: { has }, setAside });
  if (describe((engine) => get(engine) !== null).length === 0) return [];
  const stored = await lookIntoStore(asked);
  const isStored = (engine: string) => stored?.some((one) => one.engine === engine && one.setAside === null) ?? false;
  const looked = `looked in ${dataDir}${stored === null ? '; the store could not be read' : ' and the store'}`;
  return describe((engine) => get(engine) !== null || isStored(engine)).map(({ message, cure }) => ({
    ...placeOf(config, ['claude']),
    message: `${message} (${looked})`,
    cure,
  }));
}
