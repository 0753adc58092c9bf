import { expect, test } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { smallTaxonomy } from '../testing/small-taxonomy.ts';
import { createEmbeddedLog, describeEmbedded } from './embedded-status.ts';
import { createHealthCheck } from './health.ts';

const away = { ok: false, why: 'The embedded engine crashed.', since: new Date('2026-11-22T10:00:00Z') } as const;

test('readiness says since when and why the embedded engine is away, and that tickets are still accepted', async () => {
  const current = { status: away as Parameters<typeof describeEmbedded>[0] };
  const check = createHealthCheck({
    store: {
      kind: 'embedded',
      location: 'here',
      ping: async () => {},
      tickets: { countWaiting: async () => 3, oldestWaitingSeconds: async () => 31 },
      examples: {
        countBySource: async () => ({ file: 3, import: 2, feedback: 0 }),
        countByIntent: async () => new Map([['billing', 5]]),
      },
    },
    queue: { countActive: async () => 0 },
    engine: { kind: 'local', why: 'no key' },
    taxonomy: smallTaxonomy({ billing: 'Money' }),
    refused: { all: () => [] },
    readHelpdesks: async () => ({ helpdesks: [], degraded: [] }),
    degradations: () => describeEmbedded(current.status),
    isWorking: () => true,
  });
  const part = { part: 'embedded engine', why: 'The embedded engine crashed.', since: '2026-11-22T10:00:00.000Z' };
  expect(await check()).toMatchObject({ ready: true, degraded: [part] });
  current.status = { ok: true };
  expect(await check()).toMatchObject({ ready: true, degraded: [] });
});

test('an outage of the embedded engine is logged when it begins and when it ends, once each', () => {
  const lines: string[] = [];
  const record = (level: string) => (_facts: unknown, message: string) => void lines.push(`${level} ${message}`);
  const log = createEmbeddedLog({ logger: { ...silentLogger, error: record('error'), info: record('info') } });
  for (const status of [away, away, { ok: true } as const, away]) log(status);
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['error', 'info', 'error']);
});
