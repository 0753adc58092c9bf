import type { CalibrationPlace, CalibrationPlaces } from '../app/calibration-files.ts';
import { say } from '../base/say.ts';
import { calibratedEngines } from '../classifiers/calibration/calibrations.ts';
import { askedPrompts } from '../config/asked-prompts.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import { describeUncalibrated, sentenceOf } from '../config/describe-uncalibrated.ts';
import { SwitchboardError } from '../errors.ts';
import { loadTaxonomy } from '../taxonomy/parse-taxonomy.ts';
import { type Finding, finding } from './finding.ts';

/** Looks up calibrations: in the data folder, and in the store or on the server that has it open. */
export type FindCalibrations = (place: CalibrationPlace) => Promise<CalibrationPlaces>;

/** Whether the models that the configuration asks are calibrated; nothing where only the embedded engine decides. */
export async function checkCalibration(config: LoadedConfig, find: FindCalibrations): Promise<Finding[]> {
  // A taxonomy with mistakes is a finding of `checkWorkspace`.
  const taxonomy = await loadTaxonomy(config.settings.taxonomy).catch(() => null);
  if (taxonomy === null) return [];
  const asked = await askedPrompts({ config, taxonomy });
  if (typeof config.settings.classifier === 'object') return [];
  try {
    const { files, stored } = await find({ config, taxonomy: taxonomy.version, asked });
    const found = [...files, ...stored];
    const inUse = new Set(found.filter(({ setAside }) => setAside === null).map(({ engine }) => engine));
    const setAside = calibratedEngines.flatMap((engine) => {
      const why = found.find((one) => one.engine === engine && one.setAside !== null)?.setAside;
      return why === null || why === undefined ? [] : [{ engine, why }];
    });
    const missing = describeUncalibrated({ asked, calibrations: { has: (engine) => inUse.has(engine) }, setAside });
    if (missing.length > 0) {
      return missing.map((one) => finding('calibration', 'note', sentenceOf(one)));
    }
    if (asked.claude === undefined) return [];
    return [calibrated([...inUse].sort())];
  } catch (error) {
    if (!(error instanceof SwitchboardError)) throw error;
    return [{ check: 'calibration', status: 'note', detail: `cannot be looked up: ${error.message}` }];
  }
}

const calibrated = (engines: readonly string[]): Finding =>
  finding('calibration', 'ok', say('doctor.calibrated', `calibrated: ${engines.join(', ')}`, { engines }));
