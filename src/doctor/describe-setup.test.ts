import { expect, test } from 'vitest';
import { configSchema } from '../config/config-schema.ts';
import { plainConfig } from '../testing/plain-config.ts';
import { createStubHttpApp } from '../testing/stub-http-app.ts';
import { describeSetup } from './describe-setup.ts';

const health = await createStubHttpApp().health();
const engine = { kind: 'local', why: 'no ANTHROPIC_API_KEY: embedded engine' } as const;
const nothingYet = { company: 'Acme', engine, health, hasTickets: false, measured: null };
const settings = configSchema.parse({
  connectors: {
    desk: { type: 'folder', path: 'incoming', format: 'jsonl', mode: 'shadow', modes: { billing: 'assist' } },
    api: { type: 'file', mode: 'auto' },
  },
});
const doneOf = (next: ReturnType<typeof describeSetup>['next']) => next.filter(({ done }) => done).map(({ id }) => id);

test('a fresh installation has every step before it, each with what to do', () => {
  const { next, teams } = describeSetup({ ...nothingYet, config: plainConfig({ isSample: true }) });
  expect(doneOf(next)).toEqual([]);
  expect(next.find(({ id }) => id === 'configuration')?.detail).toContain('switchboard init');
  expect(teams).toEqual([{ id: 'triage', name: 'triage', members: [] }]);
});

test('the examples of the sample company teach too', () => {
  const config = plainConfig({ isSample: true });
  const { next } = describeSetup({ ...nothingYet, health: { ...health, examples: 860 }, config });
  expect(next.find(({ id }) => id === 'examples')).toMatchObject({
    done: true,
    detail: 'The engine learns from 860 examples; those of the sample company make way for yours.',
  });
});

test('what is there counts as done; the file that answers API calls is no helpdesk', () => {
  const config = plainConfig({ settings, file: '/etc/switchboard.yaml' });
  const filled = { ...nothingYet, health: { ...health, examples: 40 }, hasTickets: true, config };
  expect(doneOf(describeSetup(filled).next)).toEqual([
    ...['configuration', 'examples', 'helpdesk', 'first-ticket', 'go-live'],
  ]);
  expect(describeSetup(filled).next.at(-1)?.detail).toBe('desk: shadow, assist for billing');
  const { desk: _, ...connectors } = settings.connectors;
  const alone = { ...config, settings: { ...settings, connectors } };
  expect(doneOf(describeSetup({ ...filled, config: alone }).next)).not.toContain('go-live');
});

test('measuring is done when an evaluation has passed; one that has not is named', () => {
  const stepOf = (measured: { run: string; passed: boolean }) =>
    describeSetup({ ...nothingYet, config: plainConfig(), measured }).next.find(({ id }) => id === 'evaluation');
  expect(stepOf({ run: 'r-1', passed: true })).toMatchObject({ done: true, run: 'r-1' });
  expect(stepOf({ run: 'r-1', passed: false })).toMatchObject({
    ...{ done: false, run: 'r-1', detail: expect.stringContaining('not yet good enough') },
    detailFacts: [{ code: 'setup.not-good-enough', values: {} }],
  });
});

test('a connector says how it is', () => {
  const config = plainConfig({ settings });
  const stateOf = (parts: Partial<typeof health>) =>
    describeSetup({ ...nothingYet, config, health: { ...health, ...parts } }).connectors[0];
  expect(stateOf({})).toMatchObject({ name: 'desk', state: 'unread', poll: 60, modes: { billing: 'assist' } });
  const read = { connector: 'desk', polledAt: '2026-11-27T10:00:00.000Z', isCaughtUp: true };
  expect(stateOf({ helpdesks: [read] })).toMatchObject({ state: 'working', polledAt: read.polledAt });
  expect(stateOf({ helpdesks: [{ ...read, isCaughtUp: false }] })).toMatchObject({ state: 'catching-up' });
  const degraded = [{ part: 'connector desk', why: 'last read 9 minutes ago', since: read.polledAt }];
  expect(stateOf({ helpdesks: [read], degraded })).toMatchObject({ state: 'failing', why: 'last read 9 minutes ago' });
});

test('webhooks that were not accepted stand with their connector, or by themselves', () => {
  const config = plainConfig({ settings });
  const refused = {
    today: 2,
    total: 5,
    lastAt: '2026-11-27T10:00:00.000Z',
    lastWhy: 'the header x-signature is missing',
    lastWhyFacts: [{ code: 'webhook.header-missing', values: { header: 'x-signature' } }],
  };
  const refusedWebhooks = [
    { connector: 'desk', ...refused },
    { connector: null, ...refused, today: 0 },
  ];
  const described = describeSetup({ ...nothingYet, config, health: { ...health, refusedWebhooks } });
  const { connectors, refusedForNobody } = described;
  expect(connectors.map((connector) => connector.refused)).toEqual([refused, null]);
  expect(refusedForNobody).toEqual({ ...refused, today: 0 });
});
