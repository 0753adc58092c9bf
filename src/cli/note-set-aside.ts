import { readCalibrationFiles } from '../classifiers/calibration/calibration-file.ts';
import { askedPrompts } from '../config/asked-prompts.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import { describeUncalibrated, sentenceOf } from '../config/describe-uncalibrated.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { type CliIo, writeNote } from './io.ts';

/** Says which calibrations of the data folder the engines do not use, and why. */
export async function noteSetAside(io: CliIo, place: { config: LoadedConfig; taxonomy: Taxonomy }): Promise<void> {
  const { config, taxonomy } = place;
  if (typeof config.settings.classifier === 'object') return;
  const asked = await askedPrompts(place);
  const { dataDir } = config.settings;
  const { setAside } = await readCalibrationFiles({ dataDir, taxonomy: taxonomy.version, asked });
  const isAside = (engine: string) => setAside.some((aside) => aside.engine === engine);
  const notes = describeUncalibrated({ asked, calibrations: { has: (engine) => !isAside(engine) }, setAside });
  for (const note of notes) writeNote(io, sentenceOf(note).text);
}
