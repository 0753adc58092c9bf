import { readCalibrationFiles } from '../classifiers/calibration/calibration-file.ts';
import type { Problem } from '../errors.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { askedPrompts } from './asked-prompts.ts';
import type { LoadedConfig } from './config-schema.ts';
import { describeUncalibrated } from './describe-uncalibrated.ts';
import { placeOf } from './place-of.ts';

/**
 * Warns of models that are asked without a calibration in the data folder. The store is not opened: `doctor` and
 * `switchboard calibrations list` look there too.
 */
export async function warnOfCalibrations(config: LoadedConfig, taxonomy: Taxonomy): Promise<Problem[]> {
  const { dataDir } = config.settings;
  const asked = await askedPrompts({ config, taxonomy });
  const { get, setAside } = await readCalibrationFiles({ dataDir, taxonomy: taxonomy.version, asked });
  const missing = describeUncalibrated({ asked, calibrations: { has: (engine) => get(engine) !== null }, setAside });
  return missing.map(({ message, cure }) => ({
    ...placeOf(config, ['claude']),
    message: `${message} (looked in ${dataDir})`,
    cure,
  }));
}
