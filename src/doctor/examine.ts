import { say, verbatim } from '../base/say.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import { checkCalibration, type FindCalibrations } from './check-calibration.ts';
import { checkConnectors } from './check-connectors.ts';
import { checkEmbedder, checkEngine } from './check-engine.ts';
import { checkLanguages } from './check-examples.ts';
import { checkNode } from './check-node.ts';
import { checkPrivacy } from './check-privacy.ts';
import { checkWorkspace } from './check-workspace.ts';
import { type Finding, finding } from './finding.ts';

/** What a command and a running server find out in different ways. */
export type Looks = {
  readonly runsDir: string;
  /** What Claude answers; nothing where it is not asked. */
  claude(): Promise<readonly Finding[]>;
  readonly calibrations: FindCalibrations;
  store(): Promise<readonly Finding[]>;
  ports(): Promise<readonly Finding[]>;
};

/** Checks everything that a configuration needs, in the order in which it is worth fixing. Changes nothing. */
export async function examine(config: LoadedConfig, looks: Looks): Promise<Finding[]> {
  const { dataDir } = config.settings;
  return [
    checkNode(process),
    describeSource(config),
    await checkWorkspace(config),
    ...(await checkLanguages(config)),
    checkEngine(config),
    ...checkEmbedder(config),
    ...(await looks.claude()),
    ...(await checkCalibration(config, looks.calibrations)),
    ...(await checkPrivacy({ dataDir, runsDir: looks.runsDir })),
    ...(await looks.store()),
    ...(await checkConnectors(config)),
    ...(await looks.ports()),
  ];
}

function describeSource({ isSample, file }: LoadedConfig): Finding {
  return isSample
    ? finding('config', 'note', say('doctor.sample', 'no switchboard.yaml here: the sample company is used'))
    : finding('config', 'ok', verbatim(file ?? ''));
}
