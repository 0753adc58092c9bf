import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { calibrationFile, writeCalibration } from '../classifiers/calibration/calibration-file.ts';
import { describeCalibration } from '../classifiers/calibration/describe-calibration.ts';
import { calibrationVersion } from '../classifiers/calibration/engine-calibration.ts';
import type { CliIo } from '../cli/io.ts';
import { noteSetAside } from '../cli/note-set-aside.ts';
import { dropCalibration, findCalibrations } from '../cli/stored/stored-calibrations.ts';
import { askedPrompts } from '../config/asked-prompts.ts';
import { loadConfig } from '../config/load-config.ts';
import { warnOfCalibrations } from '../config/warn-of-calibrations.ts';
import { NotFoundError } from '../errors.ts';
import { loadTaxonomy } from '../taxonomy/parse-taxonomy.ts';
import { sampleCalibration } from '../testing/sample-calibration.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { checkCalibration } from './check-calibration.ts';

async function openFolder(value: object = {}) {
  const folder = await temporaryFolder();
  const taxonomyFile = join(folder.path, 'taxonomy.yaml');
  await writeFile(
    taxonomyFile,
    'name: T\nintents:\n  - { id: a, name: A, description: d }\n  - { id: b, name: B, description: d }\n',
  );
  const config = await loadConfig({
    cwd: folder.path,
    env: { ANTHROPIC_API_KEY: 'test' },
    value: { taxonomy: taxonomyFile, classifier: 'cascade', ...value },
    overrides: { dataDir: join(folder.path, 'data') },
  });
  const taxonomy = await loadTaxonomy(taxonomyFile);
  const asked = await askedPrompts({ config, taxonomy });
  const place = { config, taxonomy: taxonomy.version, asked };
  const write = async (parts: object) => {
    const content = {
      ...sampleCalibration({ engine: 'claude', taxonomy: taxonomy.version, rightOf100: 80, day: 1 }),
      ...parts,
    };
    const file = calibrationFile({ dataDir: config.settings.dataDir, engine: 'claude' });
    await writeCalibration(file, { ...content, version: calibrationVersion(content) });
  };
  const warn = (look: Parameters<typeof warnOfCalibrations>[1] = async () => []) =>
    warnOfCalibrations({ config, taxonomy }, look);
  return { ...place, place, tree: taxonomy, warn, write, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

test('doctor and config check say that Claude is not calibrated, and with which command', async () => {
  await using desk = await openFolder();
  const [finding] = await checkCalibration(desk.config, findCalibrations);
  expect(finding).toMatchObject({ check: 'calibration', status: 'note' });
  expect(finding?.detail).toMatch(/^Claude is not calibrated yet\..*Run: switchboard calibrate$/);
  const [warning] = await desk.warn();
  expect(warning?.message).toMatch(/^Claude is not calibrated yet \(looked in .*data and the store\)$/);
  expect(warning?.cure).toContain('switchboard calibrate');
});

test('they name the reason where a calibration is set aside, and nothing once Claude is calibrated', async () => {
  await using desk = await openFolder();
  await desk.write({ model: 'claude-haiku-5-5', prompt: 'old' });
  expect((await checkCalibration(desk.config, findCalibrations))[0]?.detail).toMatch(
    /set aside: it was fitted with prompt old/,
  );
  expect(await desk.warn()).toHaveLength(1);
  await desk.write({ ...desk.asked.claude });
  expect(await checkCalibration(desk.config, findCalibrations)).toMatchObject([
    { check: 'calibration', status: 'ok', detail: 'calibrated: claude' },
  ]);
  expect(await desk.warn()).toMatchObject([]);
});

test('config check looks into the store for what the data folder lacks, and says where it could not', async () => {
  await using desk = await openFolder();
  const content = { ...sampleCalibration({ engine: 'claude', taxonomy: desk.taxonomy, rightOf100: 80, day: 1 }) };
  const stored = describeCalibration(
    { ...content, ...desk.asked.claude },
    { ...desk.place, target: { targetPrecision: 0.95 } },
  );
  expect(await desk.warn(async () => [stored])).toMatchObject([]);
  expect(await desk.warn(async () => [{ ...stored, setAside: 'it is old' }])).toHaveLength(1);
  expect((await desk.warn(async () => null))[0]?.message).toMatch(/data; the store could not be read\)$/);
  await desk.write({ ...desk.asked.claude });
  const look = async () => expect.fail('the data folder has everything');
  expect(await desk.warn(look)).toMatchObject([]);
});

test('a calibration for another version of the taxonomy is named as set aside, also of the embedded engine', async () => {
  await using desk = await openFolder({ classifier: 'local' });
  const { dataDir } = desk.config.settings;
  const old = sampleCalibration({ engine: 'local', taxonomy: 'old', rightOf100: 80, day: 1 });
  await writeCalibration(calibrationFile({ dataDir, engine: 'local' }), old);
  const expected = /calibration of the embedded engine is set aside: it was fitted for another version of the taxonomy/;
  expect((await checkCalibration(desk.config, findCalibrations))[0]?.detail).toMatch(expected);
  expect((await desk.warn())[0]?.message).toMatch(expected);
  expect((await findCalibrations(desk.place)).files).toMatchObject([{ engine: 'local', setAside: expect.any(String) }]);
  const notes: string[] = [];
  const io = { stderr: { write: (text: string) => notes.push(text) }, colors: { dim: (text: string) => text } };
  // Only what writeNote needs of it.
  await noteSetAside(io as unknown as CliIo, { config: desk.config, taxonomy: desk.tree });
  expect(notes.join('')).toMatch(expected);
});

test('nothing is said where only the embedded engine decides', async () => {
  await using desk = await openFolder({ classifier: 'local' });
  expect(await checkCalibration(desk.config, findCalibrations)).toMatchObject([]);
  expect(await desk.warn()).toMatchObject([]);
});

test('calibrations of the data folder are listed and dropped', async () => {
  await using desk = await openFolder();
  await desk.write({ ...desk.asked.claude });
  expect(await findCalibrations(desk.place)).toMatchObject({
    files: [{ engine: 'claude', model: 'claude-haiku-5-5', cases: 100, accuracy: 0.8, setAside: null }],
    stored: [],
  });
  await dropCalibration(desk.place, 'claude');
  expect((await findCalibrations(desk.place)).files).toMatchObject([]);
  await expect(dropCalibration(desk.place, 'claude')).rejects.toThrow(NotFoundError);
});
