import { describe, expect, test } from 'vitest';
import { ClassifierError } from '../../errors.ts';
import { describeClassifier } from '../../testing/classifier-suite.ts';
import { sampleClassification } from '../../testing/sample-values.ts';
import { scriptedClassifier } from '../../testing/scripted-classifier.ts';
import { shopExamples, shopIntents, smallTaxonomy } from '../../testing/small-taxonomy.ts';
import { fitEngineCalibration } from '../calibration/engine-calibration.ts';
import type { Classification } from '../classifier.ts';
import { createLocalClassifier } from '../local/create-local-classifier.ts';
import { ModelError } from '../model-api/model-error.ts';
import { type FailureKind, modelFailure } from '../model-api/model-failure.ts';
import { createCascade } from './create-cascade.ts';
import { withReading } from './with-reading.ts';

const taxonomy = smallTaxonomy(shopIntents);
const request = { ticket: { id: 't', body: 'Where is my parcel?' }, taxonomy };
const target = { targetPrecision: 0.9 };
const usage = { inputTokens: 10, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 5, thinkingTokens: 0 };
const sure = { intent: 'shipping', confidence: 0.97, abstained: false, abstainReason: null };
const unsure = { intent: 'billing', confidence: 0.3, abstained: true, abstainReason: 'not sure' };
const engine = (answer: Partial<Classification>) => scriptedClassifier(() => answer);
const failing = () =>
  scriptedClassifier(() => {
    throw new ClassifierError({ classifier: 'scripted', retryable: true, message: 'down' });
  });

describeClassifier('the cascade', async (options) =>
  createCascade({
    local: await createLocalClassifier({
      ...options,
      examples: shopExamples(),
      cacheDir: null,
      confidence: target,
      embedder: 'none',
    }),
    claude: failing(),
    secondOpinion: null,
    target,
  }),
);

describe('the cascade', () => {
  test('calls no other engine where the embedded one is sure', async () => {
    const claude = engine({ ...sure, intent: 'billing' });
    const cascade = createCascade({ local: engine({ ...sure, stage: 'local' }), claude, secondOpinion: null, target });
    expect(await cascade.classify(request)).toMatchObject({ intent: 'shipping', stage: 'local', abstained: false });
    expect(claude.asked).toEqual([]);
  });

  test('calls Claude where it is not sure, and adds up the costs', async () => {
    const local = engine({ ...unsure, stage: 'local', costUsd: 0 });
    const claude = engine({ ...sure, usage, costUsd: 0.002 });
    const cascade = createCascade({ local, claude, secondOpinion: null, target });
    const answer = await cascade.classify(request);
    expect(answer).toMatchObject({ intent: 'shipping', stage: 'claude', costUsd: 0.002, usage });
    expect(answer.stageReason).toBe('The embedded engine was not sure enough (30 %). Claude was (97 %).');
  });

  test('gets a second opinion where Claude is not sure either', async () => {
    const cascade = createCascade({
      local: engine({ ...unsure, stage: 'local', costUsd: 0 }),
      claude: engine({ ...unsure, intent: 'returns', usage, costUsd: 0.002 }),
      secondOpinion: engine({ ...sure, stage: 'second-opinion', usage, costUsd: 0.01 }),
      target,
    });
    const answer = await cascade.classify(request);
    expect(answer).toMatchObject({ intent: 'shipping', stage: 'second-opinion', usage: { inputTokens: 20 } });
    expect(answer.costUsd).toBeCloseTo(0.012);
  });

  test('abstains with the answer of the highest confidence when no engine is sure', async () => {
    const cascade = createCascade({
      local: engine({ ...unsure, stage: 'local' }),
      claude: engine({ ...unsure, intent: 'returns', confidence: 0.4 }),
      secondOpinion: null,
      target,
    });
    expect(await cascade.classify(request)).toMatchObject({ intent: 'returns', abstained: true, stage: 'claude' });
  });

  test('keeps the target precision before a calibration: a half-sure answer abstains, also where the engines agree', async () => {
    const ask = (embedded: string, confidence: number) =>
      createCascade({
        local: engine({ ...unsure, intent: embedded, stage: 'local', confidence: 0.6 }),
        claude: engine({ ...sure, confidence }),
        secondOpinion: null,
        target,
      }).classify(request);
    for (const embedded of ['billing', 'shipping']) {
      const answer = await ask(embedded, 0.7);
      expect(answer).toMatchObject({ abstained: true, intent: 'shipping' });
      expect(answer.abstainReason).toMatch(/^Claude is .*, and it is not calibrated yet\.$/);
    }
    expect(await ask('shipping', 0.95)).toMatchObject({ abstained: false, intent: 'shipping' });
  });

  test('shows the answer that is likelier right, with what Claude has read', async () => {
    const read = {
      urgency: 'high',
      sentiment: 'negative',
      secondaryIntents: ['returns', 'billing'],
      reasoning: 'The parcel is late and should go back.',
    } satisfies Partial<Classification>;
    const ask = (intent: string, confidence: number) =>
      createCascade({
        local: engine({ ...unsure, confidence: 0.6, reasoning: 'Words.', stage: 'local', runnersUp: [] }),
        claude: engine({ ...sure, ...read, intent, confidence, urgency: 'high', decidingWords: [] }),
        secondOpinion: null,
        target,
      }).classify(request);
    const other = await ask('shipping', 0.3);
    expect(other).toMatchObject({
      intent: 'billing',
      stage: 'local',
      abstained: true,
      urgency: 'high',
      sentiment: 'negative',
      secondaryIntents: ['returns'],
      reasoning: 'Words. Claude read it as shipping: The parcel is late and should go back.',
      runnersUp: [{ intent: 'shipping' }],
    });
    expect(other.runnersUp[0]?.confidence).toBeLessThanOrEqual(other.confidence);
    const runnersUp = [{ intent: 'returns', confidence: 0.35 }];
    const shown = withReading({
      answer: sampleClassification({ ...unsure, stage: 'local', confidence: 0.6, runnersUp }),
      reading: sampleClassification({ intent: 'shipping', confidence: 0.3, stage: 'claude' }),
      taxonomy: request.taxonomy,
    });
    expect(shown.runnersUp).toMatchObject([...runnersUp, { intent: 'shipping' }]);
    expect(shown.runnersUp[1]?.confidence).toBeCloseTo(0.05);
    expect(other.abstainReason).toMatch(
      /^The embedded engine: not sure Claude is 25 % sure, .*, and it is not calibrated yet/,
    );
    expect(await ask('shipping', 0.85)).toMatchObject({ intent: 'shipping', stage: 'claude', urgency: 'high' });
  });

  test('says where Claude found that no intent fits, and gives no figure for it', async () => {
    const answer = await createCascade({
      local: engine({ ...unsure, stage: 'local' }),
      claude: engine({
        ...{ ...unsure, intent: 'password-reset', confidence: 0.2, reasoning: 'A question about the weather.' },
        stated: { certainty: 'none_fits', sawOpinion: false },
      }),
      secondOpinion: null,
      target,
    }).classify(request);
    expect(answer.stageReason).toContain('Claude found that no intent fits.');
    expect(answer.runnersUp.map(({ intent }) => intent)).not.toContain('password-reset');
    expect(answer.reasoning).toContain('Claude found that no intent fits: A question about the weather.');
  });

  test('keeps the embedded answer, abstained, when Claude fails', async () => {
    const local = engine({ ...unsure, stage: 'local' });
    const cascade = createCascade({ local, claude: failing(), secondOpinion: null, target });
    const answer = await cascade.classify(request);
    expect(answer).toMatchObject({ intent: 'billing', abstained: true, stage: 'local' });
    expect(answer.stageReason).toContain('Claude failed.');
  });

  describe('when Claude gives no answer', () => {
    const unanswered = (kind: FailureKind, parts: Partial<Classification> = {}) =>
      scriptedClassifier(() => {
        const undecided = sampleClassification({
          intent: null,
          confidence: 0,
          abstained: true,
          abstainReason: 'Claude declined, so a person should look.',
          stage: 'none',
          stageReason: 'Claude gave no answer: overloaded',
          usage,
          costUsd: 0.002,
          ...parts,
        });
        const failure = modelFailure({ kind, detail: 'overloaded', retryable: false });
        throw new ModelError({ classifier: 'claude', failure, undecided });
      });

    test('does not call the embedded engine again, gives the reason, and counts what the failure has cost', async () => {
      const local = scriptedClassifier(() => ({ ...unsure, stage: 'local', costUsd: 0 }));
      const options = { local, claude: unanswered('unavailable'), secondOpinion: null, target };
      const answer = await createCascade(options).classify(request);
      expect(local.asked).toHaveLength(1);
      expect(answer).toMatchObject({ ...unsure, stage: 'local', abstained: true, usage, costUsd: 0.002 });
      expect(answer.stageReason).toBe(
        'The embedded engine was not sure enough (30 %). Claude gave no answer: overloaded. No other engine is left to ask.',
      );
    });

    test('gets a second opinion', async () => {
      const cascade = createCascade({
        local: engine({ ...unsure, stage: 'local', costUsd: 0 }),
        claude: unanswered('unavailable'),
        secondOpinion: engine({ ...sure, stage: 'second-opinion', usage, costUsd: 0.01 }),
        target,
      });
      const answer = await cascade.classify(request);
      expect(answer).toMatchObject({ intent: 'shipping', abstained: false, usage: { inputTokens: 20 } });
      expect(answer.costUsd).toBeCloseTo(0.012);
    });

    test('leaves a ticket that Claude declined to a person, with the best guess of the other engines', async () => {
      const local = engine({ ...unsure, stage: 'local' });
      const answer = await createCascade({
        local,
        claude: unanswered('declined'),
        secondOpinion: null,
        target,
      }).classify(request);
      expect(answer).toMatchObject({
        intent: 'billing',
        abstained: true,
        abstainReason: 'Claude declined, so a person should look.',
      });
    });

    test('lets the ticket wait where the embedded engine is unavailable too', async () => {
      const away = scriptedClassifier(() => {
        const message = 'The embedded engine crashed.';
        throw new ClassifierError({ classifier: 'local', retryable: true, unavailable: true, message });
      });
      const ask = (kind: FailureKind) =>
        createCascade({ local: away, claude: unanswered(kind), secondOpinion: null, target }).classify(request);
      await expect(ask('paused')).rejects.toMatchObject({ retryable: true, unavailable: true });
      // A failure that the ticket itself causes does not pass with waiting.
      expect(await ask('unreadable')).toMatchObject({ stage: 'none', abstained: true });
    });

    test('leaves the ticket undecided where the embedded engine failed too', async () => {
      const options = { local: failing(), claude: unanswered('unavailable'), secondOpinion: null, target };
      const answer = await createCascade(options).classify(request);
      expect(answer).toMatchObject({ intent: null, stage: 'none', abstained: true, usage, costUsd: 0.002 });
    });
  });

  test('continues without the embedded engine, and fails only when every engine has failed', async () => {
    const options = { secondOpinion: null, target };
    const answer = await createCascade({ ...options, local: failing(), claude: engine(sure) }).classify(request);
    expect(answer).toMatchObject({ intent: 'shipping', abstained: false });
    const asked = createCascade({ ...options, local: failing(), claude: failing() }).classify(request);
    await expect(asked).rejects.toThrow(/Every engine of the cascade failed/);
  });

  test('ends when the signal aborts', async () => {
    const stop = new AbortController();
    const local = scriptedClassifier(() => {
      stop.abort();
      throw new ClassifierError({ classifier: 'local', retryable: true, message: 'stopped' });
    });
    const claude = engine(sure);
    const asked = createCascade({ local, claude, secondOpinion: null, target }).classify({
      ...request,
      signal: stop.signal,
    });
    await expect(asked).rejects.toThrow('stopped');
    expect(claude.asked).toEqual([]);
  });

  test("applies Claude's calibration", async () => {
    // Claude always states 0.9, and was right only where the embedded engine agreed.
    const cases = Array.from({ length: 200 }, (_, i) => {
      const agrees = i % 2 === 0;
      const answer = sampleClassification({ ...sure, confidence: 0.9, nearestExamples: [] });
      const other = sampleClassification({ ...unsure, intent: agrees ? 'shipping' : 'billing', confidence: 0.5 });
      return { answer, other, intent: agrees ? 'shipping' : 'billing' };
    });
    const fittedAt = new Date();
    const claude = fitEngineCalibration({ engine: 'claude', taxonomy: taxonomy.version, cases, fittedAt });
    const ask = (embedded: string) =>
      createCascade({
        local: engine({ ...unsure, intent: embedded, confidence: 0.5, stage: 'local' }),
        claude: engine({ ...sure, confidence: 0.9, nearestExamples: [] }),
        secondOpinion: null,
        target,
        calibrations: { get: (name) => (name === 'claude' ? claude : null) },
      }).classify(request);
    expect(await ask('shipping')).toMatchObject({ abstained: false, stage: 'claude' });
    expect(await ask('billing')).toMatchObject({ abstained: true });
    expect((await ask('shipping')).versions.thresholds).toContain(claude.version);
  });
});
