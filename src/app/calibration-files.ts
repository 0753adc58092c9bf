import type { AskedPrompts } from '../classifiers/calibration/asked-prompt.ts';
import { readAnyCalibrationFile } from '../classifiers/calibration/calibration-file.ts';
import { calibratedEngines } from '../classifiers/calibration/calibrations.ts';
import { type CalibrationFacts, describeCalibration } from '../classifiers/calibration/describe-calibration.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import type { ListedCalibration } from './live-calibrations.ts';

/** What calibrations are looked up for. */
export type CalibrationPlace = {
  readonly config: LoadedConfig;
  /** Version of the taxonomy in use. */
  readonly taxonomy: string;
  readonly asked: AskedPrompts;
};

export type CalibrationPlaces = {
  /** Those in the data folder, which route, evaluate and the library use. */
  readonly files: readonly CalibrationFacts[];
  /** Those in the store, which serve and work use. */
  readonly stored: readonly ListedCalibration[];
};

/** The calibrations of the data folder, and whether each is in use. */
export async function listCalibrationFiles(place: CalibrationPlace): Promise<CalibrationFacts[]> {
  const { dataDir, confidence: target } = place.config.settings;
  const files: CalibrationFacts[] = [];
  for (const engine of calibratedEngines) {
    const file = await readAnyCalibrationFile({ dataDir, engine });
    if (file === null) continue;
    const facts = describeCalibration(file.calibration, { ...place, target });
    files.push({ ...facts, fittedAt: file.fittedAt.toISOString() });
  }
  return files;
}
