import { count } from '../../base/plural.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import { bootstrapInterval } from '../metrics/bootstrap-interval.ts';
import { type McNemarResult, mcNemarTest } from '../metrics/mcnemar-test.ts';
import { mean, percentile } from '../metrics/percentile.ts';
import type { Interval } from '../metrics/wilson-interval.ts';
import { wilsonInterval } from '../metrics/wilson-interval.ts';
import { MAIN_TRIAL } from '../run/answer.ts';
import type { StoredRun } from '../run/run-folder.ts';
import { differencesBetween } from '../run/run-manifest.ts';
import { percent, points } from '../score/format-figures.ts';
import {
  answersByKey,
  countCorrect,
  type InScope,
  isInScope,
  type ScoredTicket,
  scoreTickets,
  timesOf,
} from '../score/scored-ticket.ts';

/** A ticket that one run got right and the other wrong. */
export type ChangedTicket = {
  readonly id: string;
  readonly expected: string;
  readonly first: string | null;
  readonly second: string | null;
};

export type RunFigures = {
  readonly run: string;
  readonly engine: string;
  readonly correct: number;
  readonly accuracy: Interval | null;
  readonly perTicketUsd: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
};

export type Comparison = {
  readonly first: RunFigures;
  readonly second: RunFigures;
  /** Number of tickets in scope that both runs answered. */
  readonly count: number;
  /** Accuracy of the second run minus that of the first. */
  readonly difference: Interval | null;
  readonly mcNemar: McNemarResult;
  readonly verdict: 'second-better' | 'first-better' | 'no-difference-shown' | 'nothing-to-compare';
  readonly why: string;
  /** The smallest difference that this many tickets could show. */
  readonly detectable: number | null;
  readonly fixed: readonly ChangedTicket[];
  readonly broken: readonly ChangedTicket[];
  /** What differs between the two runs besides their answers. */
  readonly differences: readonly string[];
};

const SIGNIFICANCE_LEVEL = 0.05;

/** Compares two runs on the same tickets: which one is better, and whether the difference is more than chance. */
export function compareRuns(options: {
  readonly first: StoredRun;
  readonly second: StoredRun;
  readonly tickets: readonly LabelledTicket[];
}): Comparison {
  const { first, second } = options;
  const scoresOf = (run: StoredRun) =>
    scoreTickets({ tickets: options.tickets, answers: answersByKey(run.answers), trial: MAIN_TRIAL });
  const scores = { first: scoresOf(first), second: scoresOf(second) };
  const pairs = pairUp(scores);
  const left = pairs.map(([one]) => one);
  const right = pairs.map(([, other]) => other);
  const fixed = pairs.filter(([one, other]) => !one.correct && other.correct).map(changed);
  const broken = pairs.filter(([one, other]) => one.correct && !other.correct).map(changed);
  const mcNemar = mcNemarTest({ onlyFirst: broken.length, onlySecond: fixed.length });
  const difference = bootstrapInterval({
    units: pairs.map(([one, other]) => Number(other.correct) - Number(one.correct)),
    statistic: mean,
    seed: first.manifest.seed,
  });
  const base = {
    first: figuresOf({ run: first, compared: left, all: scores.first }),
    second: figuresOf({ run: second, compared: right, all: scores.second }),
    count: pairs.length,
    difference,
    mcNemar,
    fixed,
    broken,
    differences: differencesBetween(first.manifest, second.manifest),
  };
  return { ...base, ...judge(base) };
}

type Pair = readonly [InScope, InScope];

function pairUp({ first, second }: { first: readonly ScoredTicket[]; second: readonly ScoredTicket[] }): Pair[] {
  const other = new Map(second.filter(isInScope).map((one) => [one.ticket.id, one]));
  return first.filter(isInScope).flatMap((one): Pair[] => {
    const match = other.get(one.ticket.id);
    return match === undefined ? [] : [[one, match]];
  });
}

const changed = ([one, other]: Pair): ChangedTicket => ({
  id: one.ticket.id,
  expected: one.ticket.intent,
  first: one.predicted,
  second: other.predicted,
});

/** Cost and time are those of all answers, as `evaluate` shows them; accuracy is that of the tickets of both runs. */
function figuresOf(options: {
  readonly run: StoredRun;
  readonly compared: readonly InScope[];
  readonly all: readonly ScoredTicket[];
}): RunFigures {
  const { manifest } = options.run;
  const { compared: scored, all } = options;
  const answered = all.filter(({ classification }) => classification !== null);
  const times = timesOf(answered);
  return {
    run: manifest.id,
    engine: `${manifest.classifier.kind}: ${manifest.classifier.why}`,
    correct: countCorrect(scored),
    accuracy: wilsonInterval({ successes: countCorrect(scored), count: scored.length }),
    perTicketUsd: answered.length === 0 ? 0 : mean(answered.map(({ classification }) => classification?.costUsd ?? 0)),
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
  };
}

/** Writes the verdict, and says so when there are too few tickets to decide. */
function judge({
  count: n,
  mcNemar,
  difference,
}: Pick<Comparison, 'count' | 'mcNemar' | 'difference'>): Pick<Comparison, 'verdict' | 'why' | 'detectable'> {
  if (n === 0 || difference === null) {
    return { verdict: 'nothing-to-compare', why: 'The two runs have no answered ticket in common.', detectable: null };
  }
  const { onlyFirst, onlySecond, pValue } = mcNemar;
  const differing = onlyFirst + onlySecond;
  const detectable = smallestSignificant(differing) / n;
  const tally = `Of ${count(n, 'ticket')}, ${onlySecond} became right and ${onlyFirst} became wrong`;
  if (pValue < SIGNIFICANCE_LEVEL) {
    const isBetter = onlySecond > onlyFirst;
    return {
      verdict: isBetter ? 'second-better' : 'first-better',
      why: `The ${isBetter ? 'second' : 'first'} run is better by ${points(Math.abs(difference.value))}. ${tally}; two equally good engines differ this much ${probability(pValue)}.`,
      detectable,
    };
  }
  if (differing === 0) {
    return {
      verdict: 'no-difference-shown',
      why: `No difference: both runs have the same ${count(n, 'ticket')} right and wrong.`,
      detectable: null,
    };
  }
  return {
    verdict: 'no-difference-shown',
    why: [
      `No difference is shown. ${tally}; two equally good engines differ this much ${probability(pValue)}.`,
      `The second run may be ${range(difference)}.`,
      `The data set is too small to show a difference below ${points(detectable)}.`,
    ].join(' '),
    detectable,
  };
}

/** The smallest net change, among this many changed tickets, that is significant in McNemar's test. */
function smallestSignificant(differing: number): number {
  for (let net = differing % 2; net <= differing; net += 2) {
    const onlyFirst = (differing - net) / 2;
    if (mcNemarTest({ onlyFirst, onlySecond: differing - onlyFirst }).pValue < SIGNIFICANCE_LEVEL) return net;
  }
  // Fewer than six changed tickets are never significant, even if all changed the same way.
  return 6;
}

/** Formats an interval as `up to 3 points worse or up to 9 points better`. */
function range({ low, high }: Pick<Interval, 'low' | 'high'>): string {
  if (low === 0) return `up to ${points(high)} better`;
  if (high === 0) return `up to ${points(-low)} worse`;
  if (low > 0) return `between ${points(low)} and ${points(high)} better`;
  if (high < 0) return `between ${points(-high)} and ${points(-low)} worse`;
  return `up to ${points(-low)} worse or up to ${points(high)} better`;
}

function probability(pValue: number): string {
  if (pValue < 0.001) return 'in fewer than 1 of 1,000 comparisons';
  return `in ${percent(pValue)} of comparisons`;
}
