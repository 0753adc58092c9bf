import { describe, expect, test } from 'vitest';
import { configSchema } from '../../config/config-schema.ts';
import { shopExamples, shopIntents, smallTaxonomy } from '../../testing/small-taxonomy.ts';
import { wilsonInterval } from '../metrics/wilson-interval.ts';
import { advise } from './advise.ts';
import { describeData } from './describe-data.ts';
import { estimateClaudeCost } from './estimate-cost.ts';
import { holdOut, type LearningCurve } from './learning-curve.ts';
import type { MeasuredClaude } from './measured-claude.ts';

const tickets = shopExamples();
const claude = { model: 'm', cachedTokens: 2_000, freshTokens: 300, outputTokens: 110, perTicketUsd: 0.001 };

/** An engine that is right on `sure` of 100 tickets with high confidence, and on `lucky` of the rest with low. */
function curve(sure: number, lucky: number, before: number): LearningCurve {
  const heldOut = Array.from({ length: 100 }, (_, i) => ({
    abstained: i >= sure,
    correct: i < sure || i >= 100 - lucky,
    isOutside: false,
  }));
  const accuracy = (successes: number) => wilsonInterval({ successes, count: 100 })!;
  return {
    points: [
      { examples: 50, accuracy: accuracy(before) },
      { examples: 100, accuracy: accuracy(sure + lucky) },
    ],
    heldOut,
    lastDoubling: (sure + lucky - before) / 100,
  };
}

const ask = (learned: LearningCurve, measured: MeasuredClaude | null = null) =>
  advise({ data: describeData(tickets), curve: learned, claude, measured, targetPrecision: 0.95, asked: 'a quarter' });

describe('advice', () => {
  test('the embedded engine alone where it reaches the target', () => {
    expect(ask(curve(96, 1, 90))).toMatchObject({ choice: 'embedded', costs: { embedded: 0, claude: 0.001 } });
  });

  test('the cascade where it is sure of many, at the cost of the rest', () => {
    const advice = ask(curve(57, 10, 50));
    expect(advice).toMatchObject({
      choice: 'cascade',
      figures: { coverage: 0.57, precision: 1 },
    });
    expect(advice.costs.cascade).toBeCloseTo(0.00043, 10);
    expect(advice.reasons.join(' ')).toContain('it is still learning');
  });

  test('counts out-of-scope tickets in what would go live, and an accepted one as wrong', () => {
    const { points, lastDoubling, heldOut } = curve(90, 5, 90);
    const outside = Array.from({ length: 50 }, (_, i) => ({ abstained: i >= 10, correct: false, isOutside: true }));
    const advice = ask({ points, lastDoubling, heldOut: [...heldOut, ...outside] });
    expect(advice.figures).toMatchObject({ coverage: 100 / 150, precision: 0.9, acceptedOutOfScope: 10 });
    expect(advice.reasons.join(' ')).toContain('with 10 of 50 out-of-scope tickets among the wrong ones');
  });

  test('holds out tickets that fit no intent, and learns none of them', () => {
    const others = Array.from({ length: 8 }, (_, i) => ({ id: `o-${i}`, body: `Nothing of ours ${i}`, intent: null }));
    const { learned, asked } = holdOut([...tickets, ...others], 1);
    expect(asked.filter(({ intent }) => intent === null)).toHaveLength(2);
    expect(learned.some(({ intent }) => intent === null)).toBe(false);
  });

  test('Claude where it is sure of few', () => {
    expect(ask(curve(10, 20, 29))).toMatchObject({ choice: 'claude' });
    expect(ask({ points: [], heldOut: [], lastDoubling: null }).reasons[0]).toContain('too few to train');
  });

  test('is a first guess where too few tickets could be held out, however right the engine was on them', () => {
    const heldOut = Array.from({ length: 8 }, () => ({ abstained: false, correct: true, isOutside: false }));
    const accuracy = wilsonInterval({ successes: 8, count: 8 })!;
    const small = { points: [{ examples: 24, accuracy }], heldOut, lastDoubling: 0 };
    const advice = ask(small);
    expect(advice).toMatchObject({ choice: 'embedded', certain: false });
    expect(advice.reasons.join(' ')).not.toContain('more tickets of the same kind');
    expect(advice.verdict).toMatch(/^A first guess\. The embedded engine is enough/);
    // 0.95 to the power of 59 is the first below 5 %.
    expect(advice.verdict).toContain(
      'only 8 tickets could be held out to test this, and it takes at least 59 right answers',
    );
    expect(ask(curve(96, 1, 90))).toMatchObject({
      certain: true,
      verdict: expect.stringMatching(/^The embedded engine/),
    });
    // Sure of 60 of a hundred; sure of 50 would show nothing.
    expect([ask(curve(60, 10, 50)).certain, ask(curve(47, 10, 50)).certain]).toEqual([true, false]);
    const nothing = ask({ points: [], heldOut: [], lastDoubling: null });
    expect(nothing.certain).toBe(false);
    expect(nothing.verdict).toMatch(/^A first guess\. Claude alone fits for now.* no ticket could be held out/);
  });

  test('gives the reason for Claude alone, although the cascade would cost less', () => {
    expect(ask(curve(10, 20, 29)).verdict).toContain(
      'The cascade would save $0.10 of $1.00 for 1,000 tickets; below 25 % of the tickets that is not worth a second engine',
    );
  });

  test('does not advise Claude where its calibration shows that the embedded engine is right more often', () => {
    const measuredAt = (successes: number): MeasuredClaude => ({
      tickets: 160,
      accuracy: wilsonInterval({ successes, count: 160 })!,
      live: { coverage: 0, precision: null, intervals: { coverage: { low: 0, high: 0.02 }, precision: null } },
    });
    for (const sure of [10, 57]) {
      const advice = ask(curve(sure, 20, 29), measuredAt(20));
      expect(advice.choice).toBe('embedded');
      expect(advice.verdict).toContain('Claude was right on only 12.5 % (');
      expect(advice.reasons.join(' ')).toContain('Claude, by its calibration on 160 tickets: right on 12.5 %');
    }
    expect(ask(curve(10, 20, 29), measuredAt(150)).choice).toBe('claude');
  });

  test('says where the curve falls, and where too few tickets were asked about to say so', () => {
    const [even, falls] = [ask(curve(57, 10, 67)), ask(curve(57, 10, 97))];
    expect(even.reasons.join(' ')).toContain('more tickets of the same kind will not change much');
    expect(falls.reasons.join(' ')).toContain('The last doubling brought -30 points: it falls, a sign of labels');
    expect(ask(curve(57, 10, 75)).reasons.join(' ')).toContain('it falls, which may be chance, or a sign of');
    const few = curve(57, 10, 97);
    const reasons = ask({ ...few, heldOut: few.heldOut.slice(0, 11) }).reasons.join(' ');
    expect(reasons).toContain(
      'Only 11 tickets in scope were asked about, each of them 9.1 points: the differences may be chance, also where they fall.',
    );
  });

  test('says so when no price is known', () => {
    const advice = advise({
      data: describeData(tickets),
      curve: curve(57, 10, 50),
      claude: { ...claude, perTicketUsd: null },
      measured: null,
      targetPrecision: 0.95,
      asked: 'a quarter',
    });
    expect(advice.costs).toEqual({ embedded: 0, cascade: null, claude: null });
    expect(advice.reasons.at(-1)).toContain('no price for m');
  });
});

describe('facts about the data', () => {
  test('counts, skew, languages and length', () => {
    const facts = describeData([...tickets, { id: 'x', body: 'uno dos tres', language: 'es-MX', intent: 'billing' }]);
    expect(facts).toMatchObject({ tickets: 25, intents: 4, perIntent: { median: 6, fewest: 6, most: 7 }, drift: null });
    expect(facts.languages).toEqual([
      { language: 'en', share: 24 / 25 },
      { language: 'es', share: 1 / 25 },
    ]);
    expect(describeData(tickets).evenness).toBeCloseTo(1, 10);
  });

  test('figures by intent are those of the examples, for every leaf of the taxonomy', () => {
    const others = Array.from({ length: 20 }, (_, i) => ({ id: `q-${i}`, body: 'Where?', intent: 'shipping' }));
    const intents = [...Object.keys(shopIntents), 'new-intent'];
    const facts = describeData([...tickets, ...others], { learned: tickets, intents });
    expect(facts).toMatchObject({ tickets: 44, learned: 24, intents: 5, perIntent: { median: 6, fewest: 0, most: 6 } });
  });

  test('drift is the share of tickets that would have to change their intent', () => {
    const dated = Array.from({ length: 200 }, (_, i) => ({
      id: `d-${i}`,
      body: 'words',
      language: 'en',
      intent: i < 100 ? 'billing' : i < 150 ? 'returns' : 'billing',
      createdAt: new Date(Date.UTC(2026, 0, 1) + i * 3_600_000).toISOString(),
    }));
    expect(describeData(dated).drift).toEqual({ distance: 0.5, newIntents: ['returns'], dated: 200 });
  });
});

test('the cost of Claude is estimated from the real requests, with the fixed part read from the cache', () => {
  const taxonomy = smallTaxonomy(shopIntents);
  const settings = configSchema.parse({}).claude;
  const few = estimateClaudeCost({ tickets, taxonomy, settings, shown: 0 });
  const many = estimateClaudeCost({ tickets, taxonomy, settings, shown: 5 });
  expect(many.freshTokens).toBeGreaterThan(few.freshTokens);
  // Haiku 5.5: 0.01 cached, 0.10 fresh, 0.50 written, in USD per million tokens.
  const byHand = (few.cachedTokens * 0.01 + few.freshTokens * 0.1 + few.outputTokens * 0.5) / 1e6;
  expect(few.perTicketUsd).toBeCloseTo(byHand, 12);
});
