import { count, list } from '../../base/plural.ts';
import { answersToShow, type LiveFigures, liveFiguresOf } from '../metrics/live.ts';
import type { Interval } from '../metrics/wilson-interval.ts';
import { percent, percentWithInterval, points, usd } from '../score/format-figures.ts';
import type { DataFacts } from './describe-data.ts';
import type { CostEstimate } from './estimate-cost.ts';
import type { LearningCurve } from './learning-curve.ts';
import type { MeasuredClaude } from './measured-claude.ts';

export type Choice = 'embedded' | 'cascade' | 'claude';

export type Advice = {
  readonly choice: Choice;
  /** One sentence, or two when there are too few tickets to be sure. */
  readonly verdict: string;
  /** True when enough tickets were held out to support the verdict. */
  readonly certain: boolean;
  /** The reasons, each with its figures. */
  readonly reasons: readonly string[];
  /** Expected cost per ticket of each choice, in USD; null when no price is known. */
  readonly costs: Readonly<Record<Choice, number | null>>;
  readonly figures: {
    readonly data: DataFacts;
    readonly curve: LearningCurve['points'];
    readonly lastDoubling: number | null;
    readonly targetPrecision: number;
    readonly claude: CostEstimate;
    /** What a calibration in use has found out about Claude; null without one. */
    readonly measured: MeasuredClaude | null;
    /** And what the embedded engine answers at the target precision, on tickets that it has not seen. */
  } & LiveFigures & { readonly acceptedOutOfScope: number };
  /** Commands to try next. */
  readonly next: readonly string[];
};

/** From this coverage on, a second engine would get too few tickets to be worth its upkeep. */
const EMBEDDED_COVERAGE = 0.95;
/** Below this coverage, the embedded engine saves too little to be worth a second set of thresholds. */
const CASCADE_COVERAGE = 0.25;
/** If the last doubling of the examples gains more accuracy than this, the engine is still learning. */
const STILL_LEARNING = 0.02;
/** If the labels change more than this between the halves, what was learned becomes outdated. */
const UNSTABLE_DRIFT = 0.2;
/** With fewer tickets, chance alone moves the figures by ten points and more. */
const MIN_HELD_OUT = 30;
const FEW_PER_INTENT = 10;
const THIN_LANGUAGE = 0.05;

/** Recommends an engine for these tickets. Pure: the same figures give the same advice. */
export function advise(options: {
  readonly data: DataFacts;
  readonly curve: LearningCurve;
  readonly claude: CostEstimate;
  readonly measured: MeasuredClaude | null;
  readonly targetPrecision: number;
  /** Names the tickets that were held out, for example `a quarter of the tickets`. */
  readonly asked: string;
}): Advice {
  const { data, curve, claude, measured, targetPrecision } = options;
  const live = liveFiguresOf(curve.heldOut);
  const { coverage } = live;
  const accuracy = curve.points.at(-1)?.accuracy ?? null;
  const isClaudeWorse = measured !== null && accuracy !== null && measured.accuracy.high < accuracy.value;
  const isEnough = accuracy !== null && (accuracy.value >= targetPrecision || coverage >= EMBEDDED_COVERAGE);
  const choice: Choice =
    isClaudeWorse || (isEnough && coverage >= CASCADE_COVERAGE)
      ? 'embedded'
      : accuracy === null || coverage < CASCADE_COVERAGE
        ? 'claude'
        : 'cascade';
  const costs = {
    embedded: 0,
    cascade: claude.perTicketUsd === null ? null : (1 - coverage) * claude.perTicketUsd,
    claude: claude.perTicketUsd,
  };
  const held = curve.heldOut.length;
  const needed = Math.max(MIN_HELD_OUT, answersToShow(targetPrecision));
  // To recommend the embedded engine, its answers must show the precision. To advise against it, there must be enough
  // held-out tickets to show that it does not reach it.
  const certain = (choice === 'claude' || isClaudeWorse ? held : Math.round(coverage * held)) >= needed;
  const worse = isClaudeWorse ? { measured, accuracy } : null;
  const verdict = verdictOf({ choice, live, targetPrecision, costs, worse });
  return {
    choice,
    verdict: certain ? verdict : tentative({ verdict, held, needed, targetPrecision }),
    certain,
    reasons: [
      ...curveReasons(options, live),
      ...(measured === null ? [] : [measuredReason(measured)]),
      ...dataReasons(data),
      costReason(costs, claude),
    ],
    costs,
    figures: {
      data,
      curve: curve.points,
      lastDoubling: curve.lastDoubling,
      ...live,
      targetPrecision,
      claude,
      measured,
    },
    next: nextSteps(choice, claude.perTicketUsd),
  };
}

function tentative(options: { verdict: string; held: number; needed: number; targetPrecision: number }): string {
  const { verdict, held, needed, targetPrecision } = options;
  const seen = held === 0 ? 'no ticket' : `only ${count(held, 'ticket')}`;
  return `A first guess. ${verdict} But ${seen} could be held out to test this, and it takes at least ${count(needed, 'right answer')} in a row to show ${percent(targetPrecision)}: label more tickets and run this again.`;
}

function verdictOf(options: {
  choice: Choice;
  live: LiveFigures;
  targetPrecision: number;
  costs: Advice['costs'];
  /** Where Claude was right less often than the embedded engine. */
  worse: { readonly measured: MeasuredClaude; readonly accuracy: Interval } | null;
}): string {
  const { choice, live, targetPrecision, costs, worse } = options;
  const { precision } = live;
  const right = precision === null ? '' : `, ${percent(precision)} of them right`;
  const answers = `${coverageOf(live)} of tickets${right} (target precision ${percent(targetPrecision)})`;
  if (worse !== null) {
    return `The embedded engine alone fits for now: in its calibration, Claude was right on only ${percentWithInterval(worse.measured.accuracy)} of the tickets in scope, and the embedded engine is on ${percent(worse.accuracy.value)} of those that it has not seen. It answers ${answers}, and people get the rest.`;
  }
  switch (choice) {
    case 'embedded':
      return `The embedded engine is enough: of those it has not seen it answers ${answers}, at no cost.`;
    case 'cascade':
      return `The cascade fits: the embedded engine answers ${answers}, and Claude reads the rest${costs.cascade === null ? '' : ` for about ${usd(costs.cascade)} a ticket overall`}.`;
    default:
      return `Claude alone fits for now: the embedded engine answers only ${answers}.${whyNotCascade(costs)}`;
  }
}

/** The cascade always costs less, which alone is no reason for it. */
function whyNotCascade(costs: Advice['costs']): string {
  if (costs.cascade === null || costs.claude === null || costs.cascade === costs.claude) return '';
  return ` The cascade would save ${usd((costs.claude - costs.cascade) * 1000)} of ${usd(costs.claude * 1000)} for 1,000 tickets; below ${percent(CASCADE_COVERAGE)} of the tickets that is not worth a second engine whose thresholds somebody must look after.`;
}

function measuredReason({ tickets, accuracy, live }: MeasuredClaude): string {
  const right =
    live.precision === null || live.intervals.precision === null
      ? ''
      : `, and is right on ${percentWithInterval({ value: live.precision, ...live.intervals.precision })} of these`;
  return `Claude, by its calibration on ${count(tickets, 'ticket')}: right on ${percentWithInterval(accuracy)} of those in scope; with your settings it answers ${coverageOf(live)} of them${right}.`;
}

const coverageOf = ({ coverage, intervals }: LiveFigures) =>
  percentWithInterval({ value: coverage, ...intervals.coverage });

function curveReasons(
  { curve, data, asked }: { curve: LearningCurve; data: DataFacts; asked: string },
  live: LiveFigures & { readonly acceptedOutOfScope: number },
): string[] {
  const last = curve.points.at(-1);
  if (last === undefined) {
    return [
      `${count(data.tickets, 'labelled ticket')} ${data.tickets === 1 ? 'is' : 'are'} too few to train the embedded engine and test it on others.`,
    ];
  }
  const shown = curve.points.map(({ examples, accuracy }) => `${examples}: ${percent(accuracy.value)}`);
  const outside = curve.heldOut.filter(({ isOutside }) => isOutside).length;
  const accepted =
    outside === 0
      ? ''
      : `, with ${live.acceptedOutOfScope} of ${count(outside, 'out-of-scope ticket')} among the wrong ones`;
  const right =
    live.precision === null || live.intervals.precision === null
      ? ''
      : `, and right on ${percentWithInterval({ value: live.precision, ...live.intervals.precision })} of these`;
  return [
    `Embedded engine on unseen tickets (${asked}), by examples learned from: ${list(shown, 8)}.${bendOf(curve)}`,
    `With all of them it is right on ${percentWithInterval(last.accuracy)} of the tickets in scope. Would go live: it is sure enough of ${coverageOf(live)} of all tickets${right}${accepted}.`,
  ];
}

/** What the last doubling of the examples brought, in a sentence after the figures. */
function bendOf({ lastDoubling, points: measured, heldOut }: LearningCurve): string {
  const [first, last] = [measured[0], measured.at(-1)];
  const asked = heldOut.filter(({ isOutside }) => !isOutside).length;
  if (lastDoubling === null || first === undefined || last === undefined) return '';
  if (asked < MIN_HELD_OUT) {
    const falls = last.accuracy.value < first.accuracy.value ? ', also where they fall' : '';
    return ` Only ${count(asked, 'ticket')} in scope ${asked === 1 ? 'was' : 'were'} asked about, each of them ${points(1 / asked)}: the differences may be chance${falls}.`;
  }
  const brought = ` The last doubling brought ${points(lastDoubling)}`;
  if (lastDoubling > STILL_LEARNING)
    return `${brought}: it is still learning, and more labelled tickets would make it better.`;
  if (lastDoubling >= -STILL_LEARNING) return `${brought}: more tickets of the same kind will not change much.`;
  const isChance = -lastDoubling < last.accuracy.high - last.accuracy.low;
  return `${brought}: it falls, ${isChance ? 'which may be chance, or a sign of' : 'a sign of'} labels that contradict each other. "switchboard dataset check" names those with the same words.`;
}

function dataReasons(data: DataFacts): string[] {
  const { perIntent, languages, words, drift } = data;
  const thin = languages.filter(({ share }, i) => i > 0 && share < THIN_LANGUAGE);
  const many = languages.map(({ language, share }) => `${language} ${percent(share)}`);
  return [
    `${count(data.tickets, 'labelled ticket')} in scope. The engine has ${count(data.learned, 'example')} to learn from, of ${count(data.intents, 'intent')}, ${perIntent.median} an intent at the median (${perIntent.fewest} to ${perIntent.most})${perIntent.median < FEW_PER_INTENT ? ': few for the embedded engine, enough for Claude to see examples' : ''}.`,
    `The largest tenth of the intents has ${percent(data.topShare)} of these examples (evenness ${data.evenness.toFixed(2)}, 1 is even)${data.evenness < 0.8 ? ': an engine that learns from examples will be weak on the rare intents' : ''}.`,
    ...(data.lopsided === null ? [] : [`${data.lopsided}.`]),
    languages.length < 2
      ? `All tickets are in one language (${languages[0]?.language ?? 'unknown'}).`
      : `${languages.length} languages (${list(many, 6)})${thin.length > 0 ? `: ${list(thin.map(({ language }) => language))} ${thin.length === 1 ? 'has' : 'have'} too few examples for the embedded engine, and Claude reads them as they are` : ''}.`,
    `Tickets have ${Math.round(words.median)} words at the median, ${Math.round(words.p95)} at 95 %.`,
    drift === null
      ? 'How stable the labels are over time is not known: fewer than 100 tickets have a date (createdAt).'
      : `Between the earlier and the later half ${percent(drift.distance)} of the tickets would have to change their intent to match${drift.newIntents.length > 0 ? `, and ${list(drift.newIntents)} ${drift.newIntents.length === 1 ? 'is' : 'are'} new` : ''}${drift.distance > UNSTABLE_DRIFT ? ': what was learned becomes outdated, so send corrections as feedback' : ': stable'}.`,
  ];
}

function costReason(costs: Advice['costs'], claude: CostEstimate): string {
  if (claude.perTicketUsd === null || costs.cascade === null) {
    return `What Claude costs is not known: there is no price for ${claude.model}. Set claude.prices.`;
  }
  const tokens = `${claude.cachedTokens} cached, ${claude.freshTokens} fresh and about ${claude.outputTokens} written tokens with ${claude.model}, estimated ±30 %`;
  return `Expected cost of 1,000 tickets: embedded ${usd(0)}, cascade ${usd(costs.cascade * 1000)}, Claude alone ${usd(claude.perTicketUsd * 1000)} (${tokens}).`;
}

function nextSteps(choice: Choice, perTicketUsd: number | null): string[] {
  const budget = perTicketUsd === null ? '1' : Math.max(0.1, perTicketUsd * 1_000).toFixed(2);
  const ask = `switchboard evaluate --classifier ${choice === 'claude' ? 'claude' : 'cascade'} --max-usd ${budget}`;
  const local = 'switchboard evaluate --classifier local';
  // How accurate Claude would be is not guessed: only a test shows it.
  return choice === 'embedded' ? [local] : [local, ask, 'switchboard compare RUN RUN'];
}
