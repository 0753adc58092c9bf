import { count } from '../../base/plural.ts';
import { type Saying, say, sayAll } from '../../base/say.ts';
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
  readonly engineFacts?: Saying['facts'];
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
  readonly whyFacts: Saying['facts'];
  /** The smallest difference that this many tickets could show. */
  readonly detectable: number | null;
  readonly fixed: readonly ChangedTicket[];
  readonly broken: readonly ChangedTicket[];
  /** What differs between the two runs besides their answers. */
  readonly differences: readonly string[];
  /** All of them as one sentence. */
  readonly differencesFacts: Saying['facts'];
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
  const differences = differencesBetween(first.manifest, second.manifest);
  const named = differences.map(({ text }) => text);
  const base = {
    first: figuresOf({ run: first, compared: left, all: scores.first }),
    second: figuresOf({ run: second, compared: right, all: scores.second }),
    count: pairs.length,
    difference,
    mcNemar,
    fixed,
    broken,
    differences: named,
    differencesFacts: say('run.differences', named.join(', '), { parts: differences }).facts,
  };
  const { why, ...judged } = judge(base);
  return { ...base, ...judged, why: why.text, whyFacts: why.facts };
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
  const { kind, why, whyFacts } = manifest.classifier;
  const { compared: scored, all } = options;
  const answered = all.filter(({ classification }) => classification !== null);
  const times = timesOf(answered);
  return {
    run: manifest.id,
    engine: `${kind}: ${why}`,
    ...(whyFacts && { engineFacts: whyFacts }),
    correct: countCorrect(scored),
    accuracy: wilsonInterval({ successes: countCorrect(scored), count: scored.length }),
    perTicketUsd: answered.length === 0 ? 0 : mean(answered.map(({ classification }) => classification?.costUsd ?? 0)),
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
  };
}

type Judgement = Pick<Comparison, 'verdict' | 'detectable'> & { readonly why: Saying };

/** Writes the verdict, and says so when there are too few tickets to decide. */
function judge({ count: n, mcNemar, difference }: Pick<Comparison, 'count' | 'mcNemar' | 'difference'>): Judgement {
  if (n === 0 || difference === null) {
    const why = say('compare.nothing', 'The two runs have no answered ticket in common.');
    return { verdict: 'nothing-to-compare', why, detectable: null };
  }
  const { onlyFirst, onlySecond, pValue } = mcNemar;
  const differing = onlyFirst + onlySecond;
  const detectable = smallestSignificant(differing) / n;
  const chance = probability(pValue);
  const tally = say(
    'compare.tally',
    `Of ${count(n, 'ticket')}, ${onlySecond} became right and ${onlyFirst} became wrong; two equally good engines differ this much ${chance.text}.`,
    { count: n, right: onlySecond, wrong: onlyFirst, chance },
  );
  if (pValue < SIGNIFICANCE_LEVEL) {
    const by = Math.abs(difference.value);
    const [verdict, better] =
      onlySecond > onlyFirst
        ? ([
            'second-better',
            say('compare.second-better', `The second run is better by ${points(by)}.`, { by }),
          ] as const)
        : (['first-better', say('compare.first-better', `The first run is better by ${points(by)}.`, { by })] as const);
    return { verdict, why: sayAll([better, tally]), detectable };
  }
  const verdict = 'no-difference-shown';
  if (differing === 0) {
    const text = `No difference: both runs have the same ${count(n, 'ticket')} right and wrong.`;
    return { verdict, why: say('compare.same', text, { count: n }), detectable: null };
  }
  const range = sayRange(difference);
  const why = sayAll([
    say('compare.not-shown', 'No difference is shown.'),
    tally,
    say('compare.may-be', `The second run may be ${range.text}.`, { range }),
    say('compare.too-small', `The data set is too small to show a difference below ${points(detectable)}.`, {
      detectable,
    }),
  ]);
  return { verdict, why, detectable };
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

/** An interval as `up to 3 points worse or up to 9 points better`. */
function sayRange({ low, high }: Pick<Interval, 'low' | 'high'>): Saying {
  const [worse, better] = [points(-low), points(high)];
  if (low === 0) return say('compare.better-by', `up to ${better} better`, { high });
  if (high === 0) return say('compare.worse-by', `up to ${worse} worse`, { low: -low });
  if (low > 0) return say('compare.better-between', `between ${points(low)} and ${better} better`, { low, high });
  if (high < 0) {
    return say('compare.worse-between', `between ${points(-high)} and ${worse} worse`, { low: -high, high: -low });
  }
  return say('compare.either', `up to ${worse} worse or up to ${better} better`, { worse: -low, better: high });
}

function probability(pValue: number): Saying {
  if (pValue < 0.001) return say('compare.rarely', 'in fewer than 1 of 1,000 comparisons');
  return say('compare.in-share', `in ${percent(pValue)} of comparisons`, { share: pValue });
}
