import type { LabelledTicket } from '../../ticket/ticket.ts';
import { ticketText } from '../../ticket/ticket-text.ts';
import type { CriterionId } from '../criteria/criterion.ts';
import { EDGE_PREFIX } from '../criteria/evidence.ts';
import { seedFromText, shuffled } from '../metrics/seeded-random.ts';
import { MAIN_TRIAL } from './answer.ts';
import type { Question } from './ask-all.ts';

/** A ticket cut after this many sentences. */
export type Opening = { readonly sentences: number; readonly ticket: LabelledTicket; readonly isWhole: boolean };

/** What the normal classifier is asked. Withheld intents need classifiers of their own: see `planAdaptation`. */
export type TrialPlan = {
  readonly questions: readonly Question[];
  /** Tickets that are asked again, whole and cut short. */
  readonly repeated: readonly LabelledTicket[];
  readonly opened: readonly LabelledTicket[];
};

/** How often each sampled ticket is asked in all. */
export const REPEATS = 3;
/** How many tickets are asked again, or cut short. Kept small, because each question costs as much as the first. */
export const SAMPLE_SIZE = 100;
/** Numbers of sentences kept after the subject. */
export const OPENING_SENTENCES = [1, 2, 4] as const;

export const repeatTrial = (n: number): string => `repeat-${n}`;
export const openingTrial = (sentences: number): string => `opening-${sentences}`;

/** Plans the questions of a run, in order; the same seed and tickets give the same plan. */
export function planTrials(options: {
  readonly tickets: readonly LabelledTicket[];
  readonly criteria: readonly CriterionId[];
  readonly seed: number;
}): TrialPlan {
  const { tickets, criteria, seed } = options;
  const inScope = tickets.filter(({ intent }) => intent !== null);
  const originals = inScope.filter(({ variantOf }) => variantOf === undefined);
  const usual = originals.filter(({ slices }) => !slices?.some((slice) => slice.startsWith(EDGE_PREFIX)));
  const repeated = criteria.includes('consistency') ? sample(originals, seed + 1) : [];
  const longer = usual.filter((ticket) => sentencesOf(ticket).length > 1);
  const opened = criteria.includes('prompt-efficiency') ? sample(longer, seed + 2) : [];
  const questions: Question[] = tickets.map((ticket) => ({ trial: MAIN_TRIAL, ticket }));
  for (let n = 2; n <= REPEATS; n++) {
    for (const ticket of repeated) questions.push({ trial: repeatTrial(n), ticket });
  }
  for (const sentences of OPENING_SENTENCES) {
    for (const ticket of opened) {
      const opening = openingOf(ticket, sentences);
      if (!opening.isWhole) questions.push({ trial: openingTrial(sentences), ticket: opening.ticket });
    }
  }
  return { questions, repeated, opened };
}

/** Samples tickets by id, so that the order of the file does not matter. */
export function sample(tickets: readonly LabelledTicket[], seed: number, size = SAMPLE_SIZE): LabelledTicket[] {
  const byId = tickets.toSorted((a, b) => seedFromText(a.id) - seedFromText(b.id) || (a.id < b.id ? -1 : 1));
  return shuffled(byId, seed).slice(0, size);
}

/** Subject and the first sentences of the body. */
export function openingOf(ticket: LabelledTicket, sentences: number): Opening {
  const all = sentencesOf(ticket);
  const isWhole = all.length <= sentences;
  return { sentences, isWhole, ticket: isWhole ? ticket : { ...ticket, body: all.slice(0, sentences).join(' ') } };
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });
/** Shorter sentences, such as a greeting, do not count. */
const MIN_WORDS = 3;

/** Sentences of the body; very short ones (a greeting, a name) are joined with the next one. */
function sentencesOf(ticket: LabelledTicket): string[] {
  const sentences: string[] = [];
  let short = '';
  for (const { segment } of segmenter.segment(ticketText(ticket).body)) {
    const sentence = `${short} ${segment.trim()}`.trim();
    if (sentence === '') continue;
    // In scripts without spaces between words, eight characters make a sentence.
    const saysSomething = sentence.split(/\s+/).length >= MIN_WORDS || /[\u3040-\u30ff\u4e00-\u9fff]{8}/.test(sentence);
    if (saysSomething) {
      sentences.push(sentence);
      short = '';
    } else short = sentence;
  }
  if (short === '') return sentences;
  const last = sentences.pop();
  return [...sentences, last === undefined ? short : `${last} ${short}`];
}
