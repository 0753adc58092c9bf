import { describe, expect, test } from 'vitest';
import { verbatim } from '../../base/say.ts';
import type { Classification } from '../../classifiers/classifier.ts';
import { sayIn } from '../../sentences/say-in.ts';
import { sampleClassification } from '../../testing/sample-values.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import type { Answer } from '../run/answer.ts';
import type { CriterionResult } from '../score/evaluation-result.ts';
import type { ScoredTicket } from '../score/scored-ticket.ts';
import { judgeAll, requiredBesides } from './all-criteria.ts';
import { type CriterionId, criterionIds, gate } from './criterion.ts';
import type { Evidence } from './evidence.ts';

let nextId = 0;

type Said = Partial<Classification> & { readonly elapsedMs?: number };

/** A ticket of intent `a` (or as given) that was answered `a` when right, `b` when wrong. */
function scored(right: boolean, ticket: Partial<LabelledTicket> = {}, said: Said = {}): ScoredTicket {
  nextId += 1;
  const labelled: LabelledTicket = { id: `t-${nextId}`, body: 'words', language: 'en', intent: 'a', ...ticket };
  const { elapsedMs = 10, ...classified } = said;
  const classification = sampleClassification({
    intent: right ? labelled.intent : 'b',
    stage: 'claude',
    ...classified,
  });
  const answer: Answer = {
    trial: 'main',
    ticketId: labelled.id,
    outcome: 'answered',
    classification,
    error: null,
    elapsedMs,
  };
  return {
    ticket: labelled,
    answer,
    classification,
    predicted: classification.intent,
    correct: labelled.intent !== null && classification.intent === labelled.intent,
  };
}

const many = (n: number, right: number, ticket: Partial<LabelledTicket> = {}, said: Said = {}): ScoredTicket[] =>
  Array.from({ length: n }, (_, i) => scored(i < right, ticket, said));

function evidence(parts: Partial<Evidence> = {}): Evidence {
  return {
    main: [],
    repeats: new Map(),
    openings: [],
    adaptation: { why: verbatim('Not asked for.') },
    ratings: [],
    judgements: [],
    teamFor: null,
    currentCostUsd: null,
    seed: 1,
    ...parts,
  };
}

function judge(id: CriterionId, parts: Partial<Evidence>, targets: Record<string, number> = {}): CriterionResult {
  const result = judgeAll({ ids: [id], evidence: evidence(parts), targets, required: [] })[0]!;
  // What German says has a word for every value: none is left as `undefined` or in braces.
  expect(sayIn('de', { text: '', facts: result.whyFacts })).toMatch(/^(?!.*(?:undefined|NaN|[{}])).+$/);
  return result;
}

test('nothing passes on an empty data set', () => {
  const results = judgeAll({ ids: criterionIds, evidence: evidence(), targets: {}, required: [] });
  expect(results.map(({ status, passed, certain }) => ({ status, passed, certain }))).toEqual(
    criterionIds.map(() => ({ status: 'not-measured', passed: false, certain: false })),
  );
  expect(results.every(({ why }) => why.length > 10)).toBe(true);
});

describe('routing-accuracy', () => {
  test('passes on its value, and is certain when its whole interval does', () => {
    expect(judge('routing-accuracy', { main: many(100, 96) })).toMatchObject({
      status: 'passed',
      certain: false,
      n: 100,
    });
    expect(judge('routing-accuracy', { main: many(2_000, 1_960) })).toMatchObject({ status: 'passed', certain: true });
    const missed = judge('routing-accuracy', { main: many(100, 94) });
    expect(missed).toMatchObject({ status: 'missed', value: 0.94 });
    expect(missed.failed).toHaveLength(6);
  });

  test('counts the right team separately from the right intent', () => {
    const main = [...many(8, 8), ...many(2, 0)];
    const oneDesk = judge('routing-accuracy', { main, teamFor: () => 'desk' });
    expect(oneDesk.details).toMatchObject({ team: { value: 1 } });
    const desks = judge('routing-accuracy', { main, teamFor: (_, intent) => `desk-${intent}` });
    expect(desks.details).toMatchObject({ team: { value: 0.8 } });
  });

  test('leaves variants and edge cases to their own criteria', () => {
    const main = [
      ...many(10, 10),
      ...many(5, 0, { variantOf: 't-x', variant: 'paraphrase' }),
      ...many(5, 0, { slices: ['edge:sarcasm'] }),
    ];
    expect(judge('routing-accuracy', { main })).toMatchObject({ value: 1, n: 10 });
  });

  test('a target of the configuration wins', () => {
    expect(judge('routing-accuracy', { main: many(10, 8) }, { 'routing-accuracy': 0.75 }).status).toBe('passed');
  });
});

describe('consistency', () => {
  const originals = many(10, 10);
  const paraphrases = originals.map((original, i) =>
    scored(i !== 0, { variantOf: original.ticket.id, variant: 'paraphrase' }),
  );

  test('a ticket fails when one paraphrase gets another answer', () => {
    const result = judge('consistency', { main: [...originals, ...paraphrases] });
    expect(result).toMatchObject({ value: 0.9, n: 10, failed: [originals[0]?.ticket.id] });
  });

  test('a ticket fails when asking again changes the answer, right or wrong', () => {
    const repeats = new Map(
      originals.map(({ ticket, answer }, i) => [ticket.id, [i === 1 ? scored(false).answer : answer]]),
    );
    expect(judge('consistency', { main: originals, repeats }).value).toBe(0.9);
  });

  test('repeats alone say nothing about the embedded engine', () => {
    const main = many(10, 10, {}, { stage: 'local' });
    const repeats = new Map(main.map(({ ticket, answer }) => [ticket.id, [answer]]));
    expect(judge('consistency', { main, repeats }).status).toBe('not-measured');
  });
});

describe('adaptation', () => {
  const curve = (values: readonly number[], sizes: readonly number[], available: number): Partial<Evidence> => ({
    adaptation: {
      areNew: false,
      intents: ['a'],
      available,
      steps: sizes.map((tickets, i) => ({ tickets, scored: many(20, values[i]! * 20) })),
    },
  });

  test('says with how many tickets the target is reached', () => {
    const result = judge('adaptation', curve([0, 0.5, 0.9, 0.95], [0, 5, 10, 25], 30));
    expect(result).toMatchObject({ status: 'passed', value: 0.95, details: { reachedAt: 10 } });
  });

  test('is missed only when there were 100 tickets to learn from', () => {
    expect(judge('adaptation', curve([0, 0.5], [0, 5], 8)).status).toBe('not-measured');
    expect(judge('adaptation', curve([0, 0.2, 0.5, 0.6, 0.7, 0.8], [0, 5, 10, 25, 50, 100], 100))).toMatchObject({
      status: 'missed',
      value: 0.8,
    });
  });
});

describe('multilingual', () => {
  test('pairs translations with their originals', () => {
    const english = many(40, 36);
    const spanish = english.slice(0, 20).map((one, i) => scored(i < 18, { language: 'es', variantOf: one.ticket.id }));
    const result = judge('multilingual', { main: [...english, ...spanish] });
    // The first 20 English ones are all right, 18 of their translations are.
    expect(result.value).toBeCloseTo(0.1, 10);
    expect(result).toMatchObject({ status: 'missed', details: { best: { language: 'en' } } });
    const other = judge('multilingual', {
      main: english
        .map((one, i) => scored(i < 36, { language: 'es', id: `es-${i}`, variantOf: one.ticket.id }))
        .concat(english),
    });
    expect(other).toMatchObject({ status: 'passed', value: 0, details: { languages: [{ paired: true, pairs: 40 }] } });
  });

  test('a language that is behind misses the target, whether it has most of the tickets or not', () => {
    for (const [german, english] of [
      [28, 27],
      [26, 27],
    ] as const) {
      const main = [...many(german, 12, { language: 'de' }), ...many(english, 20)];
      const result = judge('multilingual', { main });
      expect(result.value).toBeCloseTo(20 / english - 12 / german, 10);
      expect(result).toMatchObject({ status: 'missed', certain: false, low: expect.any(Number) });
      expect(result.why).toMatch(/The largest gap is \d\d(?:\.\d)? points: de behind en\./);
      expect(result.failed).toHaveLength(german - 12);
    }
  });

  test('where translations do better than their originals, no language is behind', () => {
    // English is better on its other tickets.
    const originals = many(20, 8);
    const spanish = originals.map((one, i) => scored(i < 9, { language: 'es', variantOf: one.ticket.id }));
    const result = judge('multilingual', { main: [...originals, ...many(20, 20), ...spanish] });
    expect(result).toMatchObject({ status: 'passed', value: 0, low: 0 });
    expect(result.why).toContain('No language is behind another.');
  });

  test('two languages need enough tickets', () => {
    const result = judge('multilingual', { main: [...many(20, 20), ...many(9, 0, { language: 'de' })] });
    expect(result).toMatchObject({ status: 'not-measured', why: expect.stringContaining('(en: 20 and de: 9)') });
  });

  test('uses the worst language, and names those with too few tickets', () => {
    const main = [
      ...many(50, 50),
      ...many(20, 20, { language: 'de' }),
      ...many(20, 15, { language: 'fr-CA' }),
      ...many(3, 0, { language: 'ja' }),
    ];
    const result = judge('multilingual', { main });
    expect(result.value).toBeCloseTo(0.25, 10);
    expect(result.why).toContain('Too few tickets to judge: ja');
    expect(result.failed).toHaveLength(5);
  });
});

describe('edge-cases', () => {
  test('every slice must reach the target', () => {
    const main = [...many(10, 10, { slices: ['edge:implicit'] }), ...many(10, 5, { slices: ['edge:sarcasm'] })];
    expect(judge('edge-cases', { main })).toMatchObject({ status: 'missed', value: 0.5 });
  });

  test('out-of-scope tickets are right when turned away', () => {
    const outside = { intent: null, outOfScope: true, slices: ['edge:out-of-scope'] };
    const main = [...many(8, 0, outside, { abstained: true }), ...many(2, 0, outside, { abstained: false })];
    expect(judge('edge-cases', { main })).toMatchObject({ status: 'passed', value: 0.8 });
  });
});

describe('bias', () => {
  function perturbed(group: string, n: number, broken: number): ScoredTicket[] {
    return many(n, n).flatMap((original, i) => [
      original,
      scored(i >= broken, { variantOf: original.ticket.id, variant: 'perturbation', slices: [group] }),
    ]);
  }

  test('a gap on perturbed pairs is found, tested and corrected for the number of groups', () => {
    const result = judge('bias', { main: [...perturbed('bias:dialect', 40, 12), ...perturbed('bias:age', 40, 0)] });
    expect(result.value).toBeCloseTo(0.3, 10);
    expect(result).toMatchObject({ status: 'missed', details: { significant: ['bias:dialect'] } });
    expect(result.failed).toHaveLength(12);
  });

  test('no gap passes, and is certain only with many tickets', () => {
    expect(judge('bias', { main: perturbed('bias:age', 20, 0) })).toMatchObject({ status: 'passed', certain: false });
    expect(judge('bias', { main: perturbed('bias:age', 600, 0) })).toMatchObject({ status: 'passed', certain: true });
  });

  test('groups without pairs are compared with the others of their kind', () => {
    const main = [
      ...many(50, 45, { slices: ['group:region:emea'] }),
      ...many(50, 40, { slices: ['group:region:apac'] }),
    ];
    expect(judge('bias', { main }).value).toBeCloseTo(0.1, 10);
  });
});

test('prompt-efficiency is the accuracy of the shortest form', () => {
  const openings = [
    { sentences: 1, scored: many(30, 24) },
    { sentences: null, scored: many(30, 30) },
  ];
  expect(judge('prompt-efficiency', { openings })).toMatchObject({ status: 'missed', value: 0.8, n: 30 });
});

describe('explainability', () => {
  const ratings = Array.from({ length: 12 }, (_, i) => [
    { ticketId: `r-${i}`, rater: 'ana', rating: i < 10 ? 5 : 2 },
    { ticketId: `r-${i}`, rater: 'ben', rating: i < 10 ? 4 : 2 },
  ]).flat();

  test('is the mean over tickets, with the agreement of raters', () => {
    const result = judge('explainability', { ratings });
    expect(result.value).toBeCloseTo((10 * 4.5 + 2 * 2) / 12, 10);
    expect(result).toMatchObject({ status: 'passed', n: 12, failed: ['r-10', 'r-11'] });
    expect(result.details).toMatchObject({ raters: 2, alpha: expect.any(Number), weightedKappa: expect.any(Number) });
  });

  test('the last rating of a person counts', () => {
    const again = ratings.map((rating) => ({ ...rating, rating: 1 }));
    expect(judge('explainability', { ratings: [...ratings, ...again] }).value).toBe(1);
  });
});

describe('abstention', () => {
  test('is the precision of answers on which the engine did not abstain', () => {
    const main = [...many(40, 39), ...many(60, 0, {}, { abstained: true })];
    const result = judge('abstention', { main });
    expect(result).toMatchObject({ status: 'passed', value: 39 / 40, n: 40, details: { coverage: 0.4 } });
  });

  test('an engine that never answers has not passed', () => {
    expect(judge('abstention', { main: many(100, 100, {}, { abstained: true }) }).status).toBe('not-measured');
  });
});

test('calibration is the expected error, with its bins', () => {
  const main = [...many(80, 80, {}, { confidence: 0.99 }), ...many(80, 40, {}, { confidence: 0.5 })];
  const result = judge('calibration', { main });
  expect(result.value).toBeCloseTo(0.005, 10);
  expect(result.status).toBe('passed');
});

test('cost is compared with the current method, and not measured without one', () => {
  const main = many(30, 30, {}, { costUsd: 0.02 });
  expect(judge('cost', { main, currentCostUsd: 0.1 })).toMatchObject({ status: 'passed', value: expect.closeTo(0.8) });
  expect(judge('cost', { main, currentCostUsd: 0.03 }).status).toBe('missed');
  expect(judge('cost', { main }).status).toBe('not-measured');
});

test('response-time is the 95th percentile in milliseconds', () => {
  const main = [...many(96, 96, {}, { elapsedMs: 100 }), ...many(4, 4, {}, { elapsedMs: 9_000 })];
  expect(judge('response-time', { main })).toMatchObject({ status: 'passed', value: 100 });
  const slow = judge('response-time', { main: many(30, 30, {}, { elapsedMs: 4_000 }) });
  expect(slow).toMatchObject({ status: 'missed', value: 4_000, certain: false });
});

test('tickets that timed out count with the time limit', () => {
  const late = many(3, 3).map((one): ScoredTicket => {
    const answer: Answer = { ...one.answer, outcome: 'timeout', classification: null, elapsedMs: 60_000 };
    return { ...one, answer, classification: null, predicted: null, correct: false };
  });
  expect(judge('response-time', { main: [...many(30, 30), ...late] })).toMatchObject({ status: 'missed', n: 33 });
});

test('answers that were obtained elsewhere have no time to measure', () => {
  const main = many(30, 30).map((one) => ({ ...one, answer: { ...one.answer, elapsedMs: null } }));
  expect(judge('response-time', { main }).status).toBe('not-measured');
});

describe('the gate', () => {
  const results = (required: string[], ids: CriterionId[] = ['routing-accuracy', 'cost']) => ({
    criteria: judgeAll({ ids, evidence: evidence({ main: many(100, 96) }), targets: {}, required }),
    leftOut: requiredBesides(ids, required),
  });

  test('requires all criteria unless some are named', () => {
    expect(gate(results([]), 'value').missing.map(({ id }) => id)).toEqual(['cost']);
    expect(gate(results(['routing-accuracy']), 'value').passed).toBe(true);
  });

  test('does not pass while a required criterion was not asked for', () => {
    const only = results([], ['routing-accuracy']);
    expect(gate(only, 'value')).toMatchObject({ passed: false, missing: [] });
    expect(gate(only, 'value').leftOut).toEqual(criterionIds.filter((id) => id !== 'routing-accuracy'));
    expect(gate(results(['cost', 'routing-accuracy'], ['routing-accuracy']), 'value').leftOut).toEqual(['cost']);
    expect(gate(results(['routing-accuracy'], ['routing-accuracy']), 'value')).toMatchObject({
      passed: true,
      leftOut: [],
    });
  });

  test('strict requires them to be certain', () => {
    expect(gate(results(['routing-accuracy']), 'strict').passed).toBe(false);
  });
});
