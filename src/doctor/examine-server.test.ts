import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LoadedConfig } from '../config/config-schema.ts';
import { loadConfig } from '../config/load-config.ts';
import { startFakeClaude } from '../testing/fake-claude.ts';
import { createStubHttpApp } from '../testing/stub-http-app.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { createServerDoctor } from './examine-server.ts';

const detailOf = (findings: readonly { check: string; detail: string }[], check: string) =>
  findings.find((finding) => finding.check === check)?.detail;

async function sampleIn(cwd: string, env: Record<string, string> = {}): Promise<LoadedConfig> {
  return loadConfig({ cwd, env, overrides: { dataDir: join(cwd, 'data') } });
}

test('finds what doctor finds, and says of the store what the server itself knows', async () => {
  await using folder = await temporaryFolder();
  const app = createStubHttpApp({ config: await sampleIn(folder.path) });
  const { findings } = await createServerDoctor(app)();
  expect(findings.map(({ check }) => check)).toEqual([
    ...['node', 'config', 'taxonomy', 'engine', 'store', 'server', 'connector api'],
  ]);
  expect(detailOf(findings, 'store')).toBe('embedded, memory');
  expect(detailOf(findings, 'server')).toBe('ready, 0 tickets waiting, stub');
});

test('one examination runs at a time, and is kept for half a minute', async () => {
  await using folder = await temporaryFolder();
  let looks = 0;
  const stub = createStubHttpApp({ config: await sampleIn(folder.path) });
  const app = {
    ...stub,
    health: () => {
      looks += 1;
      return stub.health();
    },
  };
  let now = Date.parse('2026-11-27T10:00:00Z');
  const examine = createServerDoctor(app, { now: () => now });
  const [first, second] = await Promise.all([examine(), examine()]);
  expect(first).toBe(second);
  now += 29_000;
  expect(await examine()).toBe(first);
  expect(looks).toBe(1);
  now += 2_000;
  expect((await examine()).checkedAt).toBe('2026-11-27T10:00:31.000Z');
  expect(looks).toBe(2);
});

test('Claude is called once in ten minutes while it answers', async () => {
  await using folder = await temporaryFolder();
  await using claude = await startFakeClaude();
  const env = { ANTHROPIC_API_KEY: 'test', ANTHROPIC_BASE_URL: claude.url };
  const app = createStubHttpApp({ config: await sampleIn(folder.path, env) });
  let now = 0;
  const examine = createServerDoctor(app, { now: () => now });
  const { findings } = await examine();
  expect(findings.map(({ check }) => check)).toContain('claude answer');
  const asked = claude.requests.length;
  expect(asked).toBeGreaterThan(0);
  now += 9 * 60_000;
  await examine();
  expect(claude.requests.length).toBe(asked);
  now += 2 * 60_000;
  await examine();
  expect(claude.requests.length).toBeGreaterThan(asked);
});
