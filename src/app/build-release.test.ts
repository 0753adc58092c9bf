import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { noCalibrations } from '../classifiers/calibration/calibrations.ts';
import { type ConfigOverrides, loadConfig } from '../config/load-config.ts';
import { loadWorkspace } from '../config/load-workspace.ts';
import { buildRelease } from './build-release.ts';

const dir = mkdtempSync(join(tmpdir(), 'switchboard-release-'));
afterAll(() => rmSync(dir, { recursive: true }));

async function releaseOf(options: { overrides?: ConfigOverrides; env?: Record<string, string> } = {}) {
  const { overrides = {}, env = {} } = options;
  const config = await loadConfig({ cwd: dir, env, overrides: { dataDir: dir, ...overrides } });
  const { taxonomy, urgencyPhrases } = await loadWorkspace(config);
  return buildRelease({ config, taxonomy, urgencyPhrases, calibrations: noCalibrations });
}

test('settings that change decisions make another release, and the same settings make the same one', async () => {
  const local = await releaseOf();
  expect(local.content).toMatchObject({ prompt: null, engine: { kind: 'local' }, calibrations: {} });
  expect((await releaseOf()).id).toBe(local.id);
  const cascade = await releaseOf({ env: { ANTHROPIC_API_KEY: 'test' } });
  expect(cascade.content).toMatchObject({ prompt: expect.any(String), engine: { kind: 'cascade' } });
  const stricter = await releaseOf({ overrides: { confidence: { wrongRouteUsd: 500, humanLookUsd: 1 } } });
  const advised = await releaseOf({
    env: { ANTHROPIC_API_KEY: 'test' },
    overrides: { claude: { instructions: 'Refunds go first.' } },
  });
  const phrased = await releaseOf({
    overrides: { urgency: { phrases: { outage: { en: ['the belt stands still'] } } } },
  });
  expect(new Set([local, cascade, stricter, advised, phrased].map(({ id }) => id)).size).toBe(5);
});

test('settings of the server and of connectors do not make another release', async () => {
  const { id } = await releaseOf();
  const moved = await releaseOf({ overrides: { server: { port: 4000 }, connectors: {} } });
  expect(moved.id).toBe(id);
});
