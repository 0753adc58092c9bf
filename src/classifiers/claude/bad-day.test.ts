// One test for each fault between us and Claude. No fault may make a ticket hang or get lost.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ClassifierError } from '../../errors.ts';
import {
  chargedTwice,
  claudeSettings,
  goodAnswer,
  indexOf,
  localAnswering,
  shopTaxonomy,
} from '../../testing/claude-fixtures.ts';
import { type FakeClaude, startFakeClaude } from '../../testing/fake-claude.ts';
import { faults } from '../../testing/fake-claude-faults.ts';
import { createFallbackClassifier } from '../cascade/create-fallback-classifier.ts';
import type { Classification, Classifier } from '../classifier.ts';
import { createModelUse } from '../model-api/model-account.ts';
import { createClaudeConnection } from './call/connection.ts';
import { type ClaudeClassifierOptions, createClaudeClassifier } from './create-claude-classifier.ts';

let fake: FakeClaude;
/** The pauses that were requested; the tests do not wait for them. */
let pausesMs: number[];
/** The number of responses whose headers have arrived. */
let begun: number;
beforeEach(async () => {
  pausesMs = [];
  begun = 0;
  fake = await startFakeClaude({ answer: () => goodAnswer });
});
afterEach(() => fake.close());

const DEADLINE_MS = 20_000;

const ask = { ticket: chargedTwice, taxonomy: shopTaxonomy };
type Options = Partial<ClaudeClassifierOptions> & { fallback?: Classifier };
/** Claude with the embedded engine as its fallback, as with `classifier: claude`. */
function classifierWith({ fallback = localAnswering(), ...options }: Options = {}, now?: () => number): Classifier {
  const use = createModelUse({ ...(now && { now }), sleep: async ({ ms }) => void pausesMs.push(ms) });
  const counting: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    begun += 1;
    return response;
  };
  const settings = options.settings ?? { ...claudeSettings, deadlineMs: DEADLINE_MS };
  const model = createClaudeClassifier({
    connection: createClaudeConnection({ apiKey: 'test', baseUrl: fake.url, use, fetch: counting }),
    index: indexOf([]),
    redact: null,
    ...options,
    settings,
  });
  return createFallbackClassifier({ model, fallback, deadlineMs: settings.deadlineMs });
}

const classify = (options: Options = {}): Promise<Classification> => classifierWith(options).classify(ask);

/** Waits until the condition holds, by real turns of the event loop, since timers may be fake. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

const calls = () => fake.messageRequests().length;

describe('Claude is called again, and answers', () => {
  const answeredAfter = (detail: string) => ({
    stage: 'claude',
    intent: 'billing/double-charge',
    stageReason: `claude-haiku-5-5 answered, after: ${detail}`,
  });

  test('after 429 without retry-after', async () => {
    fake.script(faults.rateLimited());
    expect(await classify()).toMatchObject(answeredAfter('rate limited (429 rate_limit_error)'));
  });

  test('after 429 with a short retry-after, after that pause', async () => {
    fake.script(faults.rateLimited({ 'retry-after-ms': '300' }));
    expect(await classify()).toMatchObject(answeredAfter('rate limited (429 rate_limit_error)'));
    expect(pausesMs).toEqual([300]);
  });

  test('after 529', async () => {
    fake.script(faults.overloaded());
    expect(await classify()).toMatchObject(answeredAfter('overloaded (529 overloaded_error)'));
  });

  test('after 500', async () => {
    fake.script(faults.serverError());
    expect(await classify()).toMatchObject(answeredAfter('server error (500 api_error)'));
  });

  test("after a gateway's HTML page instead of JSON", async () => {
    fake.script({ kind: 'html', status: 502 });
    expect(await classify()).toMatchObject(answeredAfter('server error (502)'));
  });

  test('after a dropped connection', async () => {
    fake.script({ kind: 'drop' });
    expect(await classify()).toMatchObject(answeredAfter('the connection failed'));
  });

  test('after a connection that was lost within the body', async () => {
    fake.script({ kind: 'drop-in-body' });
    expect(await classify()).toMatchObject({ stage: 'claude' });
    expect(calls()).toBe(2);
  });

  test('after a truncated answer, with more room, and both are paid for', async () => {
    fake.script({ kind: 'truncated' });
    const classification = await classify();
    expect(classification).toMatchObject(answeredAfter('the answer was cut off at max_tokens'));
    const [first, second] = fake
      .messageRequests()
      .map(({ rawBody }) => Number(/"max_tokens":(\d+)/.exec(rawBody)?.[1]));
    expect(second).toBeGreaterThan(first ?? 0);
    expect(classification.usage.cacheReadTokens).toBeGreaterThan(0);
    expect(classification.usage.cacheWriteTokens).toBeGreaterThan(0);
  });

  test('after thinking that used up all the room', async () => {
    fake.script({ kind: 'thinking-only' });
    const classification = await classify();
    expect(classification).toMatchObject(answeredAfter('the answer was cut off at max_tokens'));
    expect(classification.usage.thinkingTokens).toBeGreaterThan(0);
  });

  test('after an answer without content', async () => {
    fake.script({ kind: 'empty' });
    expect(await classify()).toMatchObject(answeredAfter('the answer has no text'));
  });

  test('after invalid JSON', async () => {
    fake.script({ kind: 'text', text: '{"reasoning": "The customer' });
    expect(await classify()).toMatchObject(answeredAfter('the answer does not have the form that was asked for'));
  });

  test('after an intent that is not in the list', async () => {
    fake.script({ kind: 'text', text: JSON.stringify({ ...goodAnswer, intent: 'refund' }) });
    expect(await classify()).toMatchObject(answeredAfter('the answer names an intent that is not in the list'));
  });
});

describe('Claude answers at the first call', () => {
  test('with labels in the wrong letter case', async () => {
    fake.script({ kind: 'wrong-case' });
    expect(await classify()).toMatchObject({
      intent: 'billing/double-charge',
      urgency: 'normal',
      stageReason: 'claude-haiku-5-5 answered',
    });
  });

  test('with a thinking block first', async () => {
    fake.script({ kind: 'thinking-first' });
    const classification = await classify();
    expect(classification).toMatchObject({ intent: 'billing/double-charge', stageReason: 'claude-haiku-5-5 answered' });
    expect(classification.usage.thinkingTokens).toBeGreaterThan(0);
  });
});

describe('the embedded engine answers, with the reason', () => {
  const localBecause = (detail: string) => ({
    stage: 'local',
    intent: 'orders/order-status',
    abstained: false,
    stageReason: expect.stringContaining(`Claude gave no answer: ${detail}`),
  });

  test('when the service asks for a longer pause than we wait', async () => {
    fake.script(faults.rateLimited({ 'retry-after': '60' }));
    expect(await classify()).toMatchObject(
      localBecause('rate limited (429 rate_limit_error); the service asks to wait 60 s'),
    );
    expect(calls()).toBe(1);
  });

  test('when the spend cap of the account is reached (429 with a code)', async () => {
    fake.script(faults.spendCap());
    expect(await classify()).toMatchObject(localBecause('the spend limit of the account is reached (429'));
    expect(calls()).toBe(1);
  });

  test("when the owner's own spend limit is reached (400)", async () => {
    fake.script(faults.ownSpendLimit());
    expect(await classify()).toMatchObject(
      localBecause('the request is refused (400 invalid_request_error: You have reached'),
    );
    expect(calls()).toBe(1);
  });

  test('when the model is unknown', async () => {
    expect(await classify({ settings: { ...claudeSettings, model: 'claude-nobody-9' } })).toMatchObject(
      localBecause('model or address not found (404 not_found_error)'),
    );
    expect(calls()).toBe(1);
  });

  test('when the key is refused', async () => {
    fake.script(faults.unauthorised());
    expect(await classify()).toMatchObject(localBecause('the API key is refused (401 authentication_error)'));
    expect(calls()).toBe(1);
  });

  test('when the server says that trying again is pointless', async () => {
    fake.script(faults.serverError({ 'x-should-retry': 'false' }));
    expect(await classify()).toMatchObject(localBecause('server error (500 api_error)'));
    expect(calls()).toBe(1);
  });

  test('when Claude is overloaded every time', async () => {
    fake.always(faults.overloaded());
    expect(await classify()).toMatchObject(
      localBecause('overloaded (529 overloaded_error). The embedded engine answered.'),
    );
    expect(calls()).toBe(3);
    const [first = 0, second = 0] = pausesMs;
    expect(pausesMs).toHaveLength(2);
    expect(first).toBeGreaterThanOrEqual(300);
    expect(first).toBeLessThanOrEqual(400);
    expect(second).toBeGreaterThanOrEqual(600);
    expect(second).toBeLessThanOrEqual(800);
  });

  test('when nothing listens at the address', async () => {
    await fake.close();
    expect(await classify()).toMatchObject({ stage: 'local' });
  });

  test('when Claude answers nonsense twice, and both answers are paid for', async () => {
    fake.always({ kind: 'text', text: 'What a nice day.' });
    const classification = await classify();
    expect(classification).toMatchObject(localBecause('the answer does not have the form'));
    expect(calls()).toBe(2);
    expect(classification.usage.outputTokens).toBeGreaterThan(5);
    expect(classification.costUsd).toBeGreaterThan(0);
  });
});

describe('a refusal goes to a person', () => {
  test('at once, with the best guess of the embedded engine and with what it cost', async () => {
    fake.script({ kind: 'refusal', category: 'cyber' });
    const classification = await classify();
    expect(classification).toMatchObject({
      stage: 'local',
      intent: 'orders/order-status',
      abstained: true,
      abstainReason: expect.stringContaining('Claude declined to answer (cyber), so a person should look'),
    });
    expect(classification.costUsd).toBeGreaterThan(0);
    expect(calls()).toBe(1);
  });

  test('also when it comes with text', async () => {
    fake.script({ kind: 'refusal', category: null, text: JSON.stringify(goodAnswer) });
    expect(await classify()).toMatchObject({ abstained: true, stage: 'local' });
  });
});

describe('the time for a ticket', () => {
  // Only our own clock is fake: sockets and the event loop are real.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  /** Half of Claude's time, which is the deadline without its last second. */
  const FIRST_ATTEMPT_MS = (DEADLINE_MS - 1_000) / 2;
  const stalledOnce = {
    stage: 'claude',
    intent: 'billing/double-charge',
    stageReason: 'claude-haiku-5-5 answered, after: no answer in time',
  };

  test('is not all spent on a 200 whose body stalls: Claude is called again, and answers', async () => {
    fake.script({ kind: 'stall-in-body' });
    const asked = classify();
    await until(() => begun === 1);
    await pass(FIRST_ATTEMPT_MS - 1);
    expect(calls()).toBe(1);
    await pass(1);
    expect(await asked).toMatchObject(stalledOnce);
  });

  test('is not all spent on a stall before the headers either', async () => {
    fake.script({ kind: 'stall-before-headers' });
    const asked = classify();
    await until(() => calls() === 1);
    await pass(FIRST_ATTEMPT_MS);
    expect(await asked).toMatchObject(stalledOnce);
  });

  test('leaves the embedded engine the last second when every body stalls', async () => {
    fake.always({ kind: 'stall-in-body' });
    const asked = classify();
    for (const [at, ms] of [FIRST_ATTEMPT_MS, FIRST_ATTEMPT_MS / 2, FIRST_ATTEMPT_MS / 2].entries()) {
      await until(() => begun === at + 1);
      await pass(ms);
    }
    const classification = await asked;
    expect(classification).toMatchObject({ stage: 'local', stageReason: expect.stringContaining('no answer in time') });
    expect(classification.latencyMs).toBe(DEADLINE_MS - 1_000);
  });

  test('is not spent on a search that hangs: Claude is called without examples', async () => {
    const index = { ...indexOf([]), search: () => new Promise<never>(() => undefined) };
    const asked = classify({ index });
    await pass((DEADLINE_MS - 1_000) * 0.3);
    expect(await asked).toMatchObject({
      stage: 'claude',
      stageReason: 'claude-haiku-5-5 answered, after: no examples could be retrieved',
    });
  });

  test('ends earlier where other engines have used some of it', async () => {
    fake.always({ kind: 'stall-in-body' });
    const classifier = classifierWith({ settings: { ...claudeSettings, deadlineMs: 60_000 } });
    const asked = classifier.classify({ ...ask, deadlineAt: performance.now() + 10_000 });
    for (const [at, ms] of [4_500, 2_250, 2_250].entries()) {
      await until(() => begun === at + 1);
      await pass(ms);
    }
    const classification = await asked;
    expect(classification).toMatchObject({ stage: 'local', stageReason: expect.stringContaining('no answer in time') });
    expect(classification.latencyMs).toBe(9_000);
  });

  test('is over for Claude when they have used all of it', async () => {
    const classification = await classifierWith().classify({ ...ask, deadlineAt: performance.now() });
    expect(classification).toMatchObject({ stage: 'none', abstained: true });
    expect(calls()).toBe(0);
  });

  test('ends in triage when the embedded engine hangs as well', async () => {
    fake.script(faults.spendCap());
    const local = { id: 'local', classify: vi.fn(() => new Promise<never>(() => undefined)) };
    const asked = classify({ fallback: local });
    await until(() => local.classify.mock.calls.length === 1);
    await pass(DEADLINE_MS);
    expect(await asked).toMatchObject({
      stage: 'none',
      abstained: true,
      stageReason: expect.stringContaining('The embedded engine did not answer in time'),
    });
  });
});

test('a ticket whose redaction fails is not sent, and the embedded engine answers', async () => {
  const redact = () => {
    throw new Error('broken');
  };
  expect(await classify({ redact })).toMatchObject({
    stage: 'local',
    stageReason: expect.stringContaining('the request could not be built from this ticket'),
  });
  expect(calls()).toBe(0);
});

describe('a ticket that no engine can read', () => {
  const triage = (reason: string) => ({
    stage: 'none',
    intent: null,
    confidence: 0,
    abstained: true,
    stageReason: expect.stringContaining(reason),
  });

  test('goes to triage when the embedded engine fails as well', async () => {
    fake.script(faults.spendCap());
    const fallback = { id: 'local', classify: () => Promise.reject(new Error('broken')) };
    expect(await classify({ fallback })).toMatchObject(triage('The embedded engine failed as well'));
  });

  test('waits for a retry when both engines are unavailable', async () => {
    fake.script(faults.spendCap());
    const away = new ClassifierError({
      classifier: 'local',
      retryable: true,
      unavailable: true,
      message: 'It restarts.',
    });
    const fallback = { id: 'local', classify: () => Promise.reject(away) };
    await expect(classify({ fallback })).rejects.toBe(away);
  });
});

test('a burst that is rate limited is still answered by Claude', async () => {
  const classifier = classifierWith();
  fake.script(...Array.from({ length: 8 }, () => faults.rateLimited({ 'retry-after-ms': '50' })));
  const all = await Promise.all(Array.from({ length: 8 }, () => classifier.classify(ask)));
  expect(all.map(({ stage }) => stage)).toEqual(Array(8).fill('claude'));
});

test('after five failures in a row calls to Claude are paused, one probes after the pause, and Claude is used again', async () => {
  let at = Date.now();
  const classifier = classifierWith({}, () => at);
  fake.always(faults.serverError({ 'x-should-retry': 'false' }));
  for (let failure = 0; failure < 5; failure += 1) await classifier.classify(ask);
  expect(calls()).toBe(5);
  const left = await classifier.classify(ask);
  expect(left.stageReason).toContain(
    'Claude gave no answer: calls are paused after repeated failures (server error (500 api_error)); the next try is in 5 s. The embedded engine answered.',
  );
  expect(left.stage).toBe('local');
  expect(calls()).toBe(5);
  fake.always(null);
  at += 5_001;
  expect(await classifier.classify(ask)).toMatchObject({ stage: 'claude' });
  expect(calls()).toBe(6);
});
