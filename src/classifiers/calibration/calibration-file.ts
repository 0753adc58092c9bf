import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makePrivateFolder, replacePrivateFile } from '../../base/private-files.ts';
import { ConfigurationError } from '../../errors.ts';
import { answerFeatureNames } from './answer-features.ts';
import { type EngineCalibration, engineCalibrationSchema } from './engine-calibration.ts';

/** Where the calibration of an engine lies. */
export function calibrationFile(options: { dataDir: string; engine: string }): string {
  return join(options.dataDir, 'calibration', `${options.engine.replace(/[^\w.-]+/g, '-')}.json`);
}

/**
 * Null when there is none, or one that was fitted for another taxonomy. Throws ConfigurationError when the file is
 * damaged.
 */
export async function readCalibration(options: {
  dataDir: string;
  engine: string;
  taxonomy: string;
}): Promise<EngineCalibration | null> {
  const file = calibrationFile(options);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw damaged(file, 'it cannot be read');
  }
  const parsed = engineCalibrationSchema.safeParse(parseJson(text));
  if (!parsed.success) throw damaged(file, 'it is not a calibration of this version');
  if (parsed.data.features.join() !== answerFeatureNames.join()) throw damaged(file, 'it uses other features');
  return parsed.data.taxonomy === options.taxonomy ? parsed.data : null;
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
