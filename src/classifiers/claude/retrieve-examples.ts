import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import { languageOfTicket } from '../../ticket/ticket-language.ts';
import { ticketText } from '../../ticket/ticket-text.ts';
import { imitationFilterOf } from '../imitations/set-aside-imitations.ts';
import type { AnswerRecord } from '../opinion.ts';
import type { ExampleIndex, FoundExample } from '../retrieval/example-index.ts';
import {
  FEWEST_SHOWN,
  isNoisy,
  isNoisyDesk,
  type LabelSpread,
  perIntentAmong,
  spreadOfLabels,
} from '../retrieval/label-spread.ts';
import { boundText } from './fence.ts';
import type { GuessIntents } from './guess-intents.ts';
import { exampleTokens } from './prompt/ticket-message.ts';
import type { RetrievalSettings } from './settings.ts';

export const defaultRetrieval: RetrievalSettings = { k: 'auto', perIntent: 'auto', minSimilarity: 0.2 };

/** The examples that go with a ticket, and what Claude is told about them. */
export type RetrievedExamples = {
  /** Most similar first; those of the likeliest intent first where they come from a guess. */
  readonly found: readonly FoundExample[];
  /** True where nothing near was found: these are examples of intents that another engine guessed. */
  readonly isGuess: boolean;
  /** The labels of the nearest examples where they are mixed; null where they are not. */
  readonly spread: LabelSpread | null;
};

/** The examples that are similar to the ticket; none where they come from a guess, which is no evidence. */
export function similarOnly({ found, isGuess }: RetrievedExamples): readonly FoundExample[] {
  return isGuess ? [] : found;
}

export const noExamples: RetrievedExamples = { found: [], isGuess: false, spread: null };

// The search uses about as much of a ticket as Claude sees.
const QUERY_TOKENS = 1_500;

/**
 * Estimated tokens for the examples of one request with `k: auto`. The first five are shown in any case: at most 900
 * tokens. Ten short ones fit; of longer ones more than five are worth their price where the labels are mixed.
 */
const ROOM_TOKENS = 500;
const ROOM_TOKENS_NOISY = 1_000;

/** Of the first intent that is guessed, and of each further one. */
const OF_FIRST_GUESS = 2;
const OF_OTHER_GUESSES = 1;

type RetrieveOptions = {
  index: ExampleIndex | null;
  retrieval: RetrievalSettings;
  ticket: Ticket;
  taxonomy: Taxonomy;
  /** Names intents for a ticket in a language that no example is in; null to show no examples with it. */
  guess: GuessIntents | null;
  /** The embedded engine's held-out answers, which tell how noisy the desk is; null where there are none. */
  heldOut?: AnswerRecord | null;
  signal?: AbortSignal;
};

/** Finds the examples to send with a ticket, most similar first; never the ticket itself. */
export async function retrieveExamples(options: RetrieveOptions): Promise<RetrievedExamples> {
  const { index, retrieval, ticket, taxonomy, guess, heldOut = null, signal } = options;
  if (index === null || retrieval.k === 0) return noExamples;
  const { found, neighbours, byMeaning } = await index.search({
    ...retrieval,
    text: queryOf({ ticket, taxonomy }),
    ticket,
    language: languageOfTicket(ticket),
    excludeIds: new Set([ticket.id]),
    ...(signal === undefined ? {} : { signal }),
  });
  if (found.length === 0) {
    const guessed = byMeaning || guess === null ? [] : await examplesOfGuess({ ...options, index, guess });
    return { found: guessed, isGuess: guessed.length > 0, spread: null };
  }
  const inNoisyDesk = isNoisyDesk({ heldOut, intentCount: taxonomy.leaves.length });
  const isMixed = isNoisy(neighbours, { inNoisyDesk });
  const room = isMixed ? ROOM_TOKENS_NOISY : ROOM_TOKENS;
  return {
    found: retrieval.k === 'auto' ? fitRoom({ found, room, retrieval }) : found,
    isGuess: false,
    spread: isMixed ? spreadOfLabels(neighbours) : null,
  };
}

/** A label in a ticket finds no examples of it. */
function queryOf({ ticket, taxonomy }: { ticket: Ticket; taxonomy: Taxonomy }): string {
  // Cut before and after: what is set aside leaves room, and of a very long text the rest is not searched.
  const text = boundText({ text: ticketText(ticket).text, maxTokens: 2 * QUERY_TOKENS });
  return boundText({ text: imitationFilterOf(taxonomy)(text), maxTokens: QUERY_TOKENS });
}

/** The most examples that fit, with as many of one intent as go with their number. */
function fitRoom(options: {
  found: readonly FoundExample[];
  room: number;
  retrieval: RetrievalSettings;
}): readonly FoundExample[] {
  const { found, room, retrieval } = options;
  for (let k = found.length; k > FEWEST_SHOWN; k--) {
    const perIntent = retrieval.perIntent === 'auto' ? perIntentAmong(k) : retrieval.perIntent;
    const shown = firstOf({ found, k, perIntent });
    if (shown.reduce((sum, { example }) => sum + exampleTokens(example), 0) <= room) return shown;
  }
  const perIntent = retrieval.perIntent === 'auto' ? perIntentAmong(FEWEST_SHOWN) : retrieval.perIntent;
  return firstOf({ found, k: FEWEST_SHOWN, perIntent });
}

function firstOf(options: { found: readonly FoundExample[]; k: number; perIntent: number }): FoundExample[] {
  const counts = new Map<string, number>();
  return options.found
    .filter(({ example: { intent } }) => {
      const count = (counts.get(intent) ?? 0) + 1;
      counts.set(intent, count);
      return count <= options.perIntent;
    })
    .slice(0, options.k);
}

/** The examples that are nearest to what the guessed intents are about, likeliest intent first. */
async function examplesOfGuess(
  options: RetrieveOptions & { index: ExampleIndex; guess: GuessIntents },
): Promise<readonly FoundExample[]> {
  const { index, retrieval, ticket, guess, signal } = options;
  const intents = await guess({ ticket, ...(signal === undefined ? {} : { signal }) });
  const searches = intents.map(({ id, about }, at) => {
    const k = at === 0 ? OF_FIRST_GUESS : OF_OTHER_GUESSES;
    return index.search({
      text: about,
      k,
      perIntent: k,
      minSimilarity: 0,
      minCommonWords: 0,
      intents: new Set([id]),
      excludeIds: new Set([ticket.id]),
      ...(signal === undefined ? {} : { signal }),
    });
  });
  const found = (await Promise.all(searches)).flatMap((result) => result.found);
  return retrieval.k === 'auto' ? found : found.slice(0, retrieval.k);
}
