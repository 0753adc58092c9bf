import { expect, test } from 'vitest';
import { sampleCalibration } from '../../testing/sample-calibration.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { whySetAside } from './asked-prompt.ts';
import { calibrationFile, readCalibrationFiles, removeCalibrationFile, writeCalibration } from './calibration-file.ts';

const asked = { claude: { model: 'claude-haiku-5-5', prompt: 'p-2' } };
const inUse = { taxonomy: 't', asked };
const fitted = (parts: { model?: string; prompt?: string; taxonomy?: string }) => ({
  ...{ engine: 'claude', taxonomy: 't', ...asked.claude },
  ...parts,
});

test('a calibration applies while model and prompt are those that it was fitted with', () => {
  expect(whySetAside(fitted({}), inUse)).toBeNull();
  expect(whySetAside(fitted({ prompt: 'p-1' }), inUse)).toBe(
    'it was fitted with prompt p-1, and the prompt is p-2 now',
  );
  expect(whySetAside(fitted({ model: 'claude-sonnet-5' }), inUse)).toContain('fitted with claude-sonnet-5');
  expect(whySetAside({ engine: 'claude', taxonomy: 't' }, inUse)).toBe(
    'it does not say with which prompt it was fitted',
  );
});

test('a calibration of the embedded engine has no prompt and applies while the taxonomy is the same', () => {
  expect(whySetAside({ engine: 'local', taxonomy: 't' }, inUse)).toBeNull();
  const why = 'it was fitted for another version of the taxonomy';
  expect(whySetAside({ engine: 'local', taxonomy: 'old' }, inUse)).toBe(why);
  expect(whySetAside(fitted({ taxonomy: 'old' }), inUse)).toBe(why);
});

test('a file of another prompt is read as set aside, with the reason, until it is removed', async () => {
  await using folder = await temporaryFolder();
  const dataDir = folder.path;
  for (const engine of ['local', 'claude']) {
    const calibration = sampleCalibration({ engine, taxonomy: 't', rightOf100: 60, day: 1 });
    await writeCalibration(calibrationFile({ dataDir, engine }), calibration);
  }
  const found = await readCalibrationFiles({ dataDir, taxonomy: 't', asked });
  expect(found.get('claude')).toBeNull();
  expect(found.get('local')).not.toBeNull();
  expect(found.setAside).toEqual([{ engine: 'claude', why: 'it does not say with which prompt it was fitted' }]);
  const later = await readCalibrationFiles({ dataDir, taxonomy: 'later', asked });
  expect(later.get('local')).toBeNull();
  expect(later.setAside.map(({ engine }) => engine)).toEqual(['local', 'claude']);
  expect(await removeCalibrationFile({ dataDir, engine: 'claude' })).toBe(true);
  expect(await removeCalibrationFile({ dataDir, engine: 'claude' })).toBe(false);
  expect((await readCalibrationFiles({ dataDir, taxonomy: 't', asked })).setAside).toEqual([]);
});
