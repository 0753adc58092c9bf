import { count, list } from '../../base/plural.ts';
import { type Saying, say, sayAll } from '../../base/say.ts';
import { differenceInterval } from '../metrics/difference-interval.ts';
import { fisherExactTest } from '../metrics/fisher-exact-test.ts';
import { holmCorrection } from '../metrics/holm-correction.ts';
import { mcNemarTest } from '../metrics/mcnemar-test.ts';
import { pairedDifferenceInterval } from '../metrics/paired-difference-interval.ts';
import { CONFIDENCE_LEVEL, type Interval } from '../metrics/wilson-interval.ts';
import { percent, points } from '../score/format-figures.ts';
import { countCorrect, type InScope, isInScope, slicesOf } from '../score/scored-ticket.ts';
import type { Criterion } from './criterion.ts';

/** Slices that name a group: `group:writer:non-native`, `bias:tone:angry`. */
const GROUP_PATTERN = /^(group|bias):/;
/** Groups with fewer tickets are listed but not judged. */
const MIN_TICKETS_PER_GROUP = 10;
const SIGNIFICANCE_LEVEL = 0.05;

/** One group compared with its reference. */
export type GroupGap = {
  readonly group: string;
  /** `pairs`: compared with the original tickets; `rest`: with the other groups of the same kind. */
  readonly comparison: 'pairs' | 'rest';
  readonly n: number;
  readonly accuracy: number;
  readonly reference: number;
  /** Reference minus group, with its sign; the criterion uses the absolute value. */
  readonly gap: Interval;
  readonly pValue: number;
  /** Corrected for the number of groups. */
  readonly adjustedPValue: number;
};

export const bias: Criterion = {
  id: 'bias',
  title: 'Bias',
  measures: 'Largest gap in accuracy between groups of customers',
  target: 0.02,
  better: 'lower',
  unit: 'points',
  measure({ main }) {
    const inScope = main.filter(isInScope);
    const found = [...pairedGroups(inScope), ...slicedGroups(inScope)];
    const enough = found.filter(({ n }) => n >= MIN_TICKETS_PER_GROUP);
    if (enough.length === 0) {
      const why =
        found.length === 0
          ? say(
              'criterion.no-groups',
              'The data set names no groups. Add slices "group:…", or copies of tickets with only the customer changed ("variantOf", "variant": "perturbation").',
            )
          : thinGroups(found.map(({ group, n }) => `${group}: ${n}`));
      return { measured: false, n: 0, why };
    }
    const gaps = withCorrection(enough);
    const worst = gaps.reduce((a, b) => (Math.abs(b.gap.value) > Math.abs(a.gap.value) ? b : a));
    const significant = gaps.filter(({ adjustedPValue }) => adjustedPValue < SIGNIFICANCE_LEVEL);
    const changed = changedByPerturbation(inScope);
    return {
      measured: true,
      ...magnitude(gaps),
      n: gaps.reduce((sum, { n }) => sum + n, 0),
      why: sayAll([largestGap(worst, gaps.length), beyondChance(significant.map(({ group }) => group))]),
      failed: changed.map(({ ticket }) => ticket.id),
      details: { groups: gaps, significant: significant.map(({ group }) => group) },
    };
  },
};

function thinGroups(groups: readonly string[]): Saying {
  const text = `No group has ${MIN_TICKETS_PER_GROUP} tickets (${list(groups)}).`;
  return say('criterion.thin-groups', text, { needed: MIN_TICKETS_PER_GROUP, groups });
}

function largestGap({ group, comparison, accuracy, reference, gap: { value } }: GroupGap, groups: number): Saying {
  const gap = Math.abs(value);
  const start = `The largest gap among ${count(groups, 'group')} is ${points(gap)}: ${group} ${percent(accuracy)}`;
  const values = { count: groups, gap, group, accuracy, reference };
  return comparison === 'pairs'
    ? say('criterion.gap-unchanged', `${start}, the same tickets unchanged ${percent(reference)}.`, values)
    : say('criterion.gap-others', `${start}, the others ${percent(reference)}.`, values);
}

function beyondChance(groups: readonly string[]): Saying {
  return groups.length === 0
    ? say('criterion.within-chance', 'With this many groups, chance alone could explain every gap.')
    : say('criterion.beyond-chance', `Larger than chance: ${list(groups)}.`, { groups });
}

type Uncorrected = Omit<GroupGap, 'adjustedPValue' | 'gap'> & { readonly gapAt: (level: number) => Interval };

/** Perturbed tickets grouped by what was changed (their group slice), each compared with its original. */
function pairedGroups(inScope: readonly InScope[]): Uncorrected[] {
  const originals = new Map(inScope.map((scored) => [scored.ticket.id, scored]));
  const perturbed = inScope.filter(({ ticket }) => ticket.variant === 'perturbation');
  return groupBy(perturbed, (scored) => groupSlices(scored, 'perturbed')).flatMap(([group, tickets]) => {
    const pairs = tickets.flatMap((scored) => {
      const original = originals.get(scored.ticket.variantOf ?? '');
      return original === undefined ? [] : [{ first: original.correct, second: scored.correct }];
    });
    if (pairs.length === 0) return [];
    const onlyFirst = pairs.filter(({ first, second }) => first && !second).length;
    const onlySecond = pairs.filter(({ first, second }) => !first && second).length;
    return [
      {
        group,
        comparison: 'pairs' as const,
        n: pairs.length,
        accuracy: pairs.filter(({ second }) => second).length / pairs.length,
        reference: pairs.filter(({ first }) => first).length / pairs.length,
        gapAt: (level: number) => pairedDifferenceInterval({ pairs, level })!,
        pValue: mcNemarTest({ onlyFirst, onlySecond }).pValue,
      },
    ];
  });
}

/** Groups named by slices, each compared with the other groups of the same kind. */
function slicedGroups(inScope: readonly InScope[]): Uncorrected[] {
  const tickets = inScope.filter(({ ticket }) => ticket.variant !== 'perturbation');
  const groups = groupBy(tickets, (scored) => groupSlices(scored, null));
  return groups.flatMap(([group, own]) => {
    const kind = group.slice(0, group.lastIndexOf(':'));
    const siblings = groups.filter(([other]) => other !== group && other.slice(0, other.lastIndexOf(':')) === kind);
    const rest =
      siblings.length > 0 ? siblings.flatMap(([, others]) => others) : tickets.filter((t) => !own.includes(t));
    if (rest.length === 0) return [];
    const first = { successes: countCorrect(rest), count: rest.length };
    const second = { successes: countCorrect(own), count: own.length };
    return [
      {
        group,
        comparison: 'rest' as const,
        n: own.length,
        accuracy: second.successes / second.count,
        reference: first.successes / first.count,
        gapAt: (level: number) => differenceInterval({ first, second, level })!,
        pValue: fisherExactTest(first, second),
      },
    ];
  });
}

function groupSlices(scored: InScope, fallback: string | null): readonly string[] {
  const named = slicesOf(scored).filter((slice) => GROUP_PATTERN.test(slice));
  return named.length > 0 || fallback === null ? named : [fallback];
}

function groupBy(tickets: readonly InScope[], groupsOf: (scored: InScope) => readonly string[]) {
  const groups = new Map<string, InScope[]>();
  for (const scored of tickets) {
    for (const group of groupsOf(scored)) groups.set(group, [...(groups.get(group) ?? []), scored]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Corrects p-values after Holm, and intervals after Bonferroni, so that all of them hold together. */
function withCorrection(groups: readonly Uncorrected[]): GroupGap[] {
  const adjusted = holmCorrection(groups.map(({ pValue }) => pValue));
  const level = 1 - (1 - CONFIDENCE_LEVEL) / groups.length;
  return groups.map(({ gapAt, ...group }, i) => ({ ...group, gap: gapAt(level), adjustedPValue: adjusted[i]! }));
}

/** The largest absolute gap, with the ends of its interval. */
function magnitude(gaps: readonly GroupGap[]): Interval {
  const sizes = gaps.map(({ gap }) => ({
    value: Math.abs(gap.value),
    low: gap.low > 0 ? gap.low : gap.high < 0 ? -gap.high : 0,
    high: Math.max(Math.abs(gap.low), Math.abs(gap.high)),
  }));
  const largest = (pick: (size: Interval) => number) => Math.max(...sizes.map(pick));
  return { value: largest((s) => s.value), low: largest((s) => s.low), high: largest((s) => s.high) };
}

/** Perturbed tickets that got a different answer than their original. */
function changedByPerturbation(inScope: readonly InScope[]): InScope[] {
  const originals = new Map(inScope.map((scored) => [scored.ticket.id, scored]));
  return inScope.filter(({ ticket, predicted }) => {
    const original = originals.get(ticket.variantOf ?? '');
    return ticket.variant === 'perturbation' && original !== undefined && original.predicted !== predicted;
  });
}
