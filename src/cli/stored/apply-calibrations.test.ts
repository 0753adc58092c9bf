import { expect, test } from 'vitest';
import { silentLogger } from '../../base/logger.ts';
import { loadConfig } from '../../config/load-config.ts';
import { DEFAULT_STREAM_LIMITS } from '../../config/server-settings.ts';
import { createHttpServer } from '../../http/create-http-server.ts';
import { sampleCalibration } from '../../testing/sample-calibration.ts';
import { createStubHttpApp } from '../../testing/stub-http-app.ts';
import { openTestPostgresql, testDatabaseUrl } from '../../testing/test-stores.ts';
import { applyCalibrations } from './apply-calibrations.ts';

const token = 'a-token-that-is-long-enough';
const calibrations = ['local', 'claude'].map((engine) =>
  sampleCalibration({ engine, taxonomy: 'stub', rightOf100: 60, day: 1 }),
);
const configWith = (env: Record<string, string>) => loadConfig({ cwd: '/', env, value: {} });

test('each calibration is sent to the server that has the store open, with the token', async () => {
  const applied: string[] = [];
  const app = createStubHttpApp();
  const server = await createHttpServer({
    app: { ...app, applyCalibration: async ({ calibration }) => void applied.push(calibration.engine) },
    access: { host: '127.0.0.1', allowedHosts: [], token },
    requestsPerMinute: 1_000,
    streamLimits: DEFAULT_STREAM_LIMITS,
    log: silentLogger,
    version: '0.0.0-test',
  });
  try {
    const serverUrl = await server.listen({ host: '127.0.0.1', port: 0 });
    const findServer = async () => serverUrl;
    const options = { taxonomy: 'stub', asked: {}, calibrations, findServer };
    const config = await configWith({ SWITCHBOARD_TOKEN: token });
    expect(await applyCalibrations({ ...options, config })).toBe(serverUrl);
    expect(applied).toEqual(['local', 'claude']);
    const withoutToken = applyCalibrations({ ...options, config: await configWith({}) });
    await expect(withoutToken).rejects.toThrow(/needs its token/);
  } finally {
    await server.close();
  }
});

test('nothing is applied when no server runs', async () => {
  const config = await configWith({});
  const findServer = async () => null;
  expect(await applyCalibrations({ config, taxonomy: 'stub', asked: {}, calibrations, findServer })).toBeNull();
});

test.skipIf(testDatabaseUrl === null)('on PostgreSQL they are written to the store for every process', async () => {
  await using opened = await openTestPostgresql();
  const config = await configWith({ DATABASE_URL: opened.databaseUrl ?? '' });
  const where = await applyCalibrations({ config, taxonomy: 'stub', asked: {}, calibrations });
  expect(where).toBe(opened.store.location);
  const stored = await opened.store.calibrations.ofTaxonomy('stub');
  expect(stored.map(({ calibration, actor }) => [calibration.engine, actor.kind]).toSorted()).toEqual([
    ['claude', 'user'],
    ['local', 'user'],
  ]);
});
