import { readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makePrivateFolder, replacePrivateFile } from '../../base/private-files.ts';
import { ConfigurationError } from '../../errors.ts';
import { answerFeatureNames } from './answer-features.ts';
import { type AskedPrompts, whySetAside } from './asked-prompt.ts';
import { type CalibratedEngine, type Calibrations, calibratedEngines } from './calibrations.ts';
import { type EngineCalibration, engineCalibrationSchema } from './engine-calibration.ts';

/** Path of the file with the calibration of an engine. */
export function calibrationFile(options: { dataDir: string; engine: string }): string {
  return join(options.dataDir, 'calibration', `${options.engine.replace(/[^\w.-]+/g, '-')}.json`);
}

/** A calibration read from the data folder. For older files without `fittedAt` it is the time of the last write. */
export type CalibrationFile = { readonly calibration: EngineCalibration; readonly fittedAt: Date };

/**
 * Reads the calibration of an engine. Null when there is none or it was fitted for another taxonomy. Throws
 * `ConfigurationError` when the file cannot be used.
 */
export async function readCalibrationFile(options: {
  dataDir: string;
  engine: string;
  taxonomy: string;
}): Promise<CalibrationFile | null> {
  const file = await readAnyCalibrationFile(options);
  return file?.calibration.taxonomy === options.taxonomy ? file : null;
}

/** The same, for whatever taxonomy it was fitted. */
export async function readAnyCalibrationFile(options: {
  dataDir: string;
  engine: string;
}): Promise<CalibrationFile | null> {
  const file = calibrationFile(options);
  let text: string;
  let writtenAt: Date;
  try {
    text = await readFile(file, 'utf8');
    writtenAt = (await stat(file)).mtime;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw damaged(file, 'the calibration cannot be read');
  }
  const parsed = engineCalibrationSchema.safeParse(parseJson(text));
  if (!parsed.success) throw damaged(file, 'this is not a calibration of this version of Switchboard');
  if (parsed.data.features.join() !== answerFeatureNames.join())
    throw damaged(file, 'the calibration was fitted on other features than this version uses');
  const { fittedAt } = parsed.data;
  return { calibration: parsed.data, fittedAt: fittedAt === undefined ? writtenAt : new Date(fittedAt) };
}

/** The calibrations of a data folder, and those that do not apply any more, with the reason. */
export type FoundCalibrations = Calibrations & { readonly setAside: readonly SetAside[] };
export type SetAside = { readonly engine: CalibratedEngine; readonly why: string };

/**
 * Reads the calibrations of all engines from the data folder. Those that were fitted with another prompt or model than
 * `asked`, or for another taxonomy, are set aside. Throws like `readCalibrationFile`.
 */
export async function readCalibrationFiles(options: {
  dataDir: string;
  taxonomy: string;
  asked: AskedPrompts;
}): Promise<FoundCalibrations> {
  const found = new Map<CalibratedEngine, EngineCalibration>();
  const setAside: SetAside[] = [];
  for (const engine of calibratedEngines) {
    const file = await readAnyCalibrationFile({ ...options, engine });
    if (file === null) continue;
    const why = whySetAside(file.calibration, options);
    if (why === null) found.set(engine, file.calibration);
    else setAside.push({ engine, why });
  }
  return { get: (engine) => found.get(engine) ?? null, setAside };
}

/** Removes the calibration of an engine from the data folder, for whatever taxonomy; false when there was none. */
export async function removeCalibrationFile(options: { dataDir: string; engine: string }): Promise<boolean> {
  try {
    await rm(calibrationFile(options));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

export async function writeCalibration(file: string, calibration: EngineCalibration): Promise<void> {
  await makePrivateFolder(dirname(file));
  await replacePrivateFile(file, `${JSON.stringify(calibration)}\n`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function damaged(file: string, message: string): ConfigurationError {
  const cure = 'Remove it, or fit it again with: switchboard calibrate';
  return new ConfigurationError([{ file, line: null, message, cure }]);
}
