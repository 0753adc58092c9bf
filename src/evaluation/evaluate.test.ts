import { appendFile, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Classification, Classifier } from '../classifiers/classifier.ts';
import { ClassifierError } from '../errors.ts';
import { scriptedClassifier } from '../testing/scripted-classifier.ts';
import { shopExamples, shopIntents, shopQuestions, smallTaxonomy } from '../testing/small-taxonomy.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';
import { hashTickets } from './dataset/load-dataset.ts';
import { type EvaluateOptions, evaluate } from './evaluate.ts';
import { shuffled } from './metrics/seeded-random.ts';
import { evaluationResultSchema } from './score/evaluation-result.ts';

const taxonomy = smallTaxonomy(shopIntents);
const tickets: LabelledTicket[] = shopQuestions.map((question, i) => ({ id: `q-${i + 1}`, ...question }));
const intentOf = (id: string) => tickets.find((ticket) => ticket.id === id)?.intent ?? 'billing';

function options(
  runsDir: string,
  classifier: Classifier,
  more: Partial<EvaluateOptions> & { tickets?: LabelledTicket[] } = {},
): EvaluateOptions {
  const asked = more.tickets ?? tickets;
  return {
    subject: {
      engine: { kind: 'scripted', why: 'a test' },
      taxonomy,
      taxonomyFile: null,
      examples: shopExamples(),
      build: async () => classifier,
      settings: {},
      routing: null,
    },
    dataset: { files: [{ path: 'q.jsonl', sha256: hashTickets(asked), tickets: asked.length }], tickets: asked },
    criteria: ['routing-accuracy'],
    runsDir,
    codeVersion: '0.0.0',
    ...more,
  };
}

const right = ({ id }: { id: string }): Partial<Classification> => ({ intent: intentOf(id), confidence: 0.9 });

describe('figures', () => {
  test('are those of the answers, and the result has the shape that is published', async () => {
    await using folder = await temporaryFolder();
    const outside: LabelledTicket = {
      id: 'o-1',
      body: 'What is the capital of France?',
      intent: null,
      outOfScope: true,
    };
    const classifier = scriptedClassifier((ticket) => {
      if (ticket.id === 'q-1') return { intent: 'shipping', confidence: 0.4, abstained: true, reasoning: 'a guess' };
      if (ticket.id === 'o-1') return { intent: 'shipping', confidence: 0.1, abstained: true };
      return { ...right(ticket), costUsd: 0.001 };
    });
    const { result } = await evaluate(options(folder.path, classifier, { tickets: [...tickets, outside] }));
    expect(evaluationResultSchema.parse(result)).toEqual(result);
    expect(result).toMatchObject({
      count: 8,
      correct: 7,
      accuracy: { value: 7 / 8 },
      selective: { targetPrecision: 0.95, coverage: 7 / 8, precision: 1 },
      live: { coverage: 7 / 9, precision: 1, acceptedOutOfScope: 0 },
      outOfScope: { count: 1, auroc: 1, recallAt95Acceptance: 1, rejected: 1 },
      cost: { totalUsd: expect.closeTo(0.007, 10), perTicketUsd: expect.closeTo(0.007 / 9, 10) },
      leakage: 0,
      failures: [
        { id: 'q-1', expected: 'password-reset', predicted: 'shipping', confidence: 0.4, reasoning: 'a guess' },
      ],
    });
    // Mean of |.9 − 1| over seven and |.4 − 0| of one.
    expect(result?.calibrationError).toBeCloseTo((7 * 0.1 + 0.4) / 8, 10);
  });

  test('count an accepted out-of-scope ticket as a wrong answer that would go live', async () => {
    await using folder = await temporaryFolder();
    const outside: LabelledTicket = {
      id: 'o-1',
      body: 'What is the capital of France?',
      intent: null,
      outOfScope: true,
    };
    const classifier = scriptedClassifier((ticket) => (ticket.id === 'o-1' ? { intent: 'shipping' } : right(ticket)));
    const { result } = await evaluate(options(folder.path, classifier, { tickets: [...tickets, outside] }));
    expect(result).toMatchObject({
      selective: { coverage: 1, precision: 1 },
      live: { coverage: 1, precision: 8 / 9, acceptedOutOfScope: 1 },
    });
  });

  test('do not depend on the order of the tickets', async () => {
    await using folder = await temporaryFolder();
    const answer = (ticket: { id: string }) => ({
      intent: ticket.id < 'q-4' ? 'billing' : intentOf(ticket.id),
      confidence: Number(ticket.id.slice(2)) / 10,
    });
    const figures = async (seed: number) => {
      const order = shuffled(tickets, seed);
      const { result } = await evaluate(options(folder.path, scriptedClassifier(answer), { tickets: order }));
      return {
        ...result,
        run: '',
        latencyMs: null,
        stages: null,
        failures: result?.failures.map(({ id }) => id).sort(),
      };
    };
    const first = await figures(0);
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const other = await figures(seed);
        expect({ ...other, calibrationError: 0, criteria: [] }).toEqual({
          ...first,
          calibrationError: 0,
          criteria: [],
        });
        expect(other.calibrationError).toBeCloseTo(first.calibrationError ?? -1, 10);
        expect(
          other.criteria?.map(({ failed, ...rest }) => ({ ...rest, failed: [...failed].sort(), why: '' })),
        ).toEqual(first.criteria?.map(({ failed, ...rest }) => ({ ...rest, failed: [...failed].sort(), why: '' })));
      }),
      { numRuns: 10 },
    );
  });

  test('leave out what had no answer, and say how often and why', async () => {
    await using folder = await temporaryFolder();
    const classifier = scriptedClassifier(async (ticket) => {
      if (ticket.id === 'q-1') await new Promise(() => {});
      if (ticket.id === 'q-2') throw new ClassifierError({ classifier: 'scripted', retryable: true, message: 'busy' });
      if (ticket.id === 'q-3') return { intent: null, stage: 'none', stageReason: 'Claude declined' };
      return right(ticket);
    });
    const { result } = await evaluate(options(folder.path, classifier, { timeLimitMs: 50 }));
    expect(result).toMatchObject({
      count: 5,
      correct: 5,
      unanswered: { timeout: 1, error: 2, refused: 0 },
      criteria: [
        { status: 'not-measured', passed: false, why: expect.stringContaining('3 of 8 tickets got no answer') },
      ],
    });
    expect(result?.failures.map(({ id, error }) => [id, error])).toEqual([
      ['q-1', 'no answer within 0.05 s'],
      ['q-2', 'busy'],
      ['q-3', 'Claude declined'],
    ]);
  });
});

test('a classifier sees the bare ticket, and no word of its label', async () => {
  await using folder = await temporaryFolder();
  const seen: unknown[] = [];
  const labelled: LabelledTicket = {
    id: 'q-1',
    body: 'words',
    language: 'en',
    intent: 'billing',
    rationale: 'why',
    secondaryIntents: ['returns'],
    urgency: 'high',
    slices: ['edge:x'],
    variantOf: 'q-0',
    variant: 'paraphrase',
  };
  const classifier = scriptedClassifier((ticket) => {
    seen.push(ticket);
    return right(ticket);
  });
  await evaluate(options(folder.path, classifier, { tickets: [labelled] }));
  expect(seen).toEqual([{ id: 'q-1', body: 'words', language: 'en' }]);
});

describe('examples that are also in the data set', () => {
  test('are dropped by id, variant group and text, and counted', async () => {
    await using folder = await temporaryFolder();
    const leaking = [
      { id: 'q-1', body: 'whatever', intent: 'billing' },
      { id: 'copy', body: `  ${tickets[1]?.body?.toUpperCase()}!! `, intent: 'billing' },
      { id: 'child', body: 'another wording', intent: 'billing', variantOf: 'q-3' },
    ];
    let seen: readonly string[] = [];
    const base = options(folder.path, scriptedClassifier(right));
    const { result } = await evaluate({
      ...base,
      subject: {
        ...base.subject,
        examples: [...shopExamples(), ...leaking],
        build: async ({ examples }) => {
          seen = examples.map(({ id }) => id);
          return scriptedClassifier(right);
        },
      },
    });
    expect(result?.leakage).toBe(3);
    expect(seen).toHaveLength(shopExamples().length);
  });
});

describe('a run that was stopped', () => {
  const answer = (ticket: { id: string }) => (ticket.id === 'q-5' ? { intent: 'returns' } : right(ticket));

  test('gives the same figures when resumed, and asks nothing twice', async () => {
    await using folder = await temporaryFolder();
    const whole = await evaluate(options(folder.path, scriptedClassifier(answer), { concurrency: 1 }));
    for (const stopAfter of [0, 1, 4, 7]) {
      const controller = new AbortController();
      if (stopAfter === 0) controller.abort();
      let count = 0;
      const first = scriptedClassifier((ticket) => {
        count += 1;
        if (count === stopAfter) controller.abort();
        return answer(ticket);
      });
      const stopped = await evaluate(
        options(folder.path, first, { signal: controller.signal, concurrency: 1, criteria: ['routing-accuracy'] }),
      );
      expect(stopped).toMatchObject({ result: null, stopped: 'interrupted', answered: stopAfter });
      const second = scriptedClassifier(answer);
      const resumed = await evaluate(options(folder.path, second, { resume: stopped.manifest.id }));
      expect([...first.asked, ...second.asked].sort()).toEqual(tickets.map(({ id }) => id).sort());
      const bare = { run: '', latencyMs: null, stages: null };
      expect({ ...resumed.result, ...bare }).toEqual({ ...whole.result, ...bare });
    }
  });

  test('in the middle of writing asks only the half-written answer again', async () => {
    await using folder = await temporaryFolder();
    const controller = new AbortController();
    const first = scriptedClassifier((ticket) => {
      if (first.asked.length === 4) controller.abort();
      return answer(ticket);
    });
    const stopped = await evaluate(options(folder.path, first, { signal: controller.signal, concurrency: 1 }));
    const file = join(stopped.runPath, 'answers.jsonl');
    await truncate(file, (await readFile(file)).length - 40);
    const second = scriptedClassifier(answer);
    const resumed = await evaluate(options(folder.path, second, { resume: stopped.manifest.id }));
    expect(second.asked).toEqual(['q-4', 'q-5', 'q-6', 'q-7', 'q-8']);
    expect(resumed.result?.count).toBe(8);
  });

  test('cannot be resumed with another data set', async () => {
    await using folder = await temporaryFolder();
    const { manifest } = await evaluate(options(folder.path, scriptedClassifier(answer)));
    const other = options(folder.path, scriptedClassifier(answer), { tickets: tickets.slice(1), resume: manifest.id });
    await expect(evaluate(other)).rejects.toThrow('these have changed: data set');
  });

  test('asks failed questions again only on request', async () => {
    await using folder = await temporaryFolder();
    const flaky = scriptedClassifier((ticket) => {
      if (ticket.id === 'q-2') throw new Error('busy');
      return right(ticket);
    });
    const { manifest } = await evaluate(options(folder.path, flaky));
    const second = scriptedClassifier(right);
    const kept = await evaluate(options(folder.path, second, { resume: manifest.id }));
    expect([second.asked, kept.result?.count]).toEqual([[], 7]);
    const retried = await evaluate(options(folder.path, second, { resume: manifest.id, retryFailed: true }));
    expect([second.asked, retried.result?.count]).toEqual([['q-2'], 8]);
  });

  test('is refused while another process works on it', async () => {
    await using folder = await temporaryFolder();
    const { manifest, runPath } = await evaluate(options(folder.path, scriptedClassifier(answer)));
    // Our parent runs as long as we do.
    await appendFile(join(runPath, 'lock'), String(process.ppid));
    await expect(evaluate(options(folder.path, scriptedClassifier(answer), { resume: manifest.id }))).rejects.toThrow(
      `Process ${process.ppid} is working on this run`,
    );
  });
});

describe('limits', () => {
  test('money: no question is asked that could exceed the limit', async () => {
    await using folder = await temporaryFolder();
    const dear = scriptedClassifier((ticket) => ({ ...right(ticket), costUsd: 0.01 }));
    const first = await evaluate(options(folder.path, dear, { maxUsd: 0.035, concurrency: 4 }));
    expect(first).toMatchObject({ stopped: 'budget', result: null });
    expect(dear.asked).toHaveLength(3);
    const resumed = await evaluate(
      options(folder.path, dear, { maxUsd: 0.08, resume: first.manifest.id, concurrency: 4 }),
    );
    expect(resumed.result?.cost.spentUsd).toBeCloseTo(0.08, 10);
  });

  test('no more questions are under way than allowed', async () => {
    await using folder = await temporaryFolder();
    let underWay = 0;
    let most = 0;
    const slow = scriptedClassifier(async (ticket) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, 5));
      underWay -= 1;
      return right(ticket);
    });
    await evaluate(options(folder.path, slow, { concurrency: 3 }));
    expect(most).toBe(3);
  });

  test('asking stops when the engine never answers', async () => {
    await using folder = await temporaryFolder();
    const many = Array.from({ length: 60 }, (_, i) => ({ id: `m-${i}`, body: `ticket ${i}`, intent: 'billing' }));
    const broken = scriptedClassifier(() => {
      throw new Error('no connection');
    });
    const evaluation = await evaluate(options(folder.path, broken, { tickets: many, concurrency: 2 }));
    expect(evaluation).toMatchObject({ stopped: 'failing', result: null });
    expect(broken.asked.length).toBeLessThan(25);
  });
});
