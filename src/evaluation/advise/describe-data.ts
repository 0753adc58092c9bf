import { describeLopsidedMix } from '../../classifiers/local/example-mix.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import { languageOfTicket, primaryLanguage } from '../../ticket/ticket-language.ts';
import { ticketText } from '../../ticket/ticket-text.ts';
import { percentile } from '../metrics/percentile.ts';

/** Figures about the tickets that an engine would learn from. */
export type DataFacts = {
  /** All labelled tickets in scope. */
  readonly tickets: number;
  /** Those that the engine learns; the figures by intent are of these. */
  readonly learned: number;
  readonly intents: number;
  readonly perIntent: { readonly median: number; readonly fewest: number; readonly most: number };
  /** Share of them that belong to the largest tenth of the intents. */
  readonly topShare: number;
  /** Says in numbers that a few intents have most of the tickets; null where they are spread evenly enough. */
  readonly lopsided: string | null;
  /** 1 when all intents are equally frequent, 0 when there is only one (entropy divided by its maximum). */
  readonly evenness: number;
  readonly languages: readonly { readonly language: string; readonly share: number }[];
  readonly words: { readonly median: number; readonly p95: number };
  /** How much the shares of intents differ between the earlier and the later half of the tickets; null without dates. */
  readonly drift: { readonly distance: number; readonly newIntents: readonly string[]; readonly dated: number } | null;
};

/** With fewer dated tickets, the two halves differ by chance alone. */
const MIN_DATED = 100;

type InScope = LabelledTicket & { readonly intent: string };

/**
 * `learned` are those of the tickets that the engine learns from, all when left out; `intents` are the leaves of the
 * taxonomy, those of the tickets when left out.
 */
export function describeData(
  tickets: readonly InScope[],
  options: { readonly learned?: readonly InScope[]; readonly intents?: readonly string[] } = {},
): DataFacts {
  const { learned = tickets, intents = [...new Set(tickets.map(({ intent }) => intent))] } = options;
  const shares = sharesBy(learned, ({ intent }) => intent);
  const sizes = intents.map((intent) => shares.get(intent) ?? 0).sort((a, b) => b - a);
  const languages = sharesBy(tickets, languageOf);
  const words = tickets.map((ticket) => ticketText(ticket).text.split(/\s+/).length);
  const top = sizes.slice(0, Math.max(1, Math.ceil(sizes.length / 10)));
  const counts = sizes.map((share) => Math.round(share * learned.length));
  const entropy = -sizes.reduce((sum, share) => sum + (share === 0 ? 0 : share * Math.log(share)), 0);
  return {
    tickets: tickets.length,
    learned: learned.length,
    intents: sizes.length,
    perIntent: { median: percentile(counts, 0.5) ?? 0, fewest: counts.at(-1) ?? 0, most: counts[0] ?? 0 },
    topShare: top.reduce((sum, share) => sum + share, 0),
    lopsided: describeLopsidedMix({ examples: learned, intents })?.message ?? null,
    evenness: sizes.length < 2 ? 0 : entropy / Math.log(sizes.length),
    languages: [...languages].map(([language, share]) => ({ language, share })).sort((a, b) => b.share - a.share),
    words: { median: percentile(words, 0.5) ?? 0, p95: percentile(words, 0.95) ?? 0 },
    drift: driftOf(tickets),
  };
}

const languageOf = (ticket: LabelledTicket): string => primaryLanguage(languageOfTicket(ticket)) ?? 'unknown';

function sharesBy<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  const groups = Map.groupBy(items, key);
  return new Map([...groups].map(([name, own]) => [name, own.length / items.length]));
}

/** Total variation distance between the two halves: the share of tickets that would have to change their intent. */
function driftOf(tickets: readonly (LabelledTicket & { readonly intent: string })[]): DataFacts['drift'] {
  const dated = tickets
    .flatMap((ticket) =>
      ticket.createdAt === undefined ? [] : [{ intent: ticket.intent, at: Date.parse(ticket.createdAt) }],
    )
    .sort((a, b) => a.at - b.at);
  if (dated.length < MIN_DATED) return null;
  const middle = Math.floor(dated.length / 2);
  const early = sharesBy(dated.slice(0, middle), ({ intent }) => intent);
  const late = sharesBy(dated.slice(middle), ({ intent }) => intent);
  const intents = new Set([...early.keys(), ...late.keys()]);
  const distance = [...intents].reduce((sum, i) => sum + Math.abs((early.get(i) ?? 0) - (late.get(i) ?? 0)), 0) / 2;
  return { distance, newIntents: [...late.keys()].filter((intent) => !early.has(intent)).sort(), dated: dated.length };
}
