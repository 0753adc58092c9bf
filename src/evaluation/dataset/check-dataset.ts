import { count, list } from '../../base/plural.ts';
import { describeLopsidedMix } from '../../classifiers/local/example-mix.ts';
import type { UnknownFieldCount } from '../../config/labelled-tickets.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import { languageOfTicket, primaryLanguage } from '../../ticket/ticket-language.ts';
import { wilsonInterval } from '../metrics/wilson-interval.ts';
import { percent } from '../score/format-figures.ts';
import type { HeldOutAnswer } from './ask-local.ts';
import { comparableText, dropLeaks } from './drop-leaks.ts';
import { findNearDuplicates } from './near-duplicates.ts';

/** `wrong`: figures would be misleading. `thin`: figures would be imprecise. `note`: good to know. */
export type Severity = 'wrong' | 'thin' | 'note';

export type Finding = {
  readonly id:
    | 'leakage'
    | 'near-duplicates-across'
    | 'near-duplicates'
    | 'conflicting-labels'
    | 'few-cases'
    | 'languages'
    | 'slices'
    | 'out-of-scope'
    | 'likely-label-errors'
    | 'lopsided-examples'
    | 'unknown-fields'
    | 'interval-width';
  readonly severity: Severity;
  readonly message: string;
  /** The tickets concerned, each with the facts behind the finding. */
  readonly items: readonly Readonly<Record<string, unknown>>[];
};

export type DatasetCheck = {
  readonly tickets: number;
  readonly intents: number;
  readonly findings: readonly Finding[];
};

/** With fewer cases, the interval of an intent is too wide to say anything. */
const MIN_CASES = 5;
/** A label is reported when the engine, trained on the other tickets, is this sure of another intent. */
const LABEL_ERROR_CONFIDENCE = 0.7;
const EXPECTED_SLICES = 'edge:';
/** The accuracy at which the expected widths of intervals are computed. */
const PLANNED_ACCURACY = 0.95;

/**
 * Finds what is wrong or thin in a data set. The engine learns from `examples`; `heldOut` is null when not measured.
 */
export function checkDataset(options: {
  readonly tickets: readonly LabelledTicket[];
  readonly examples: readonly LabelledTicket[];
  readonly taxonomy: Taxonomy;
  readonly heldOut: readonly HeldOutAnswer[] | null;
  /** Fields in the files that no ticket has. */
  readonly unknownFields?: readonly UnknownFieldCount[];
}): DatasetCheck {
  const { tickets } = options;
  const findings = [
    leakage(options),
    duplicatesAcross(options),
    duplicatesWithin(tickets),
    conflicts([...tickets, ...options.examples]),
    fewCases(options),
    lopsidedExamples(options),
    languages(options),
    slices(tickets),
    outOfScope(tickets),
    labelErrors(options.heldOut),
    unknownFields(options.unknownFields ?? []),
    intervalWidth(tickets),
  ].flatMap((finding) => (finding === null ? [] : [finding]));
  return { tickets: tickets.length, intents: new Set(tickets.flatMap(({ intent }) => intent ?? [])).size, findings };
}

type Options = Parameters<typeof checkDataset>[0];

function leakage({ tickets, examples }: Options): Finding | null {
  const kept = dropLeaks({ examples, dataset: tickets });
  const { dropped, byId, byGroup, byText } = kept.leakage;
  if (dropped === 0) return null;
  const keptIds = new Set(kept.examples.map(({ id }) => id));
  return {
    id: 'leakage',
    severity: 'wrong',
    message: `${count(dropped, 'example is', 'examples are')} also in the data set (${byId} by id, ${byGroup} as a variant, ${byText} by text). 'evaluate' leaves these examples out. Remove them from one of the two.`,
    items: examples.filter(({ id }) => !keptIds.has(id)).map(({ id }) => ({ id })),
  };
}

function duplicatesAcross({ tickets, examples }: Options): Finding | null {
  const exact = new Set(tickets.map(comparableText));
  const others = examples.filter((example) => !exact.has(comparableText(example)));
  const pairs = findNearDuplicates({ tickets, across: others });
  if (pairs.length === 0) return null;
  return {
    id: 'near-duplicates-across',
    severity: 'wrong',
    message: `${count(pairs.length, 'ticket is', 'tickets are')} nearly the same text as an example, so the engine has already learned the answer. Reword or move them.`,
    items: pairs.map(({ first, second, similarity }) => ({ ticket: first, example: second, similarity })),
  };
}

function duplicatesWithin(tickets: readonly LabelledTicket[]): Finding | null {
  const pairs = findNearDuplicates({ tickets });
  if (pairs.length === 0) return null;
  return {
    id: 'near-duplicates',
    severity: 'thin',
    message: `${count(pairs.length, 'pair')} of tickets in the data set ${pairs.length === 1 ? 'has' : 'have'} nearly the same text: each pair counts twice but shows no more than one ticket. Mark one as a variant of the other ("variantOf"), or remove it.`,
    items: pairs,
  };
}

function conflicts(tickets: readonly LabelledTicket[]): Finding | null {
  const byText = Map.groupBy(tickets, comparableText);
  const items = [...byText.values()]
    .filter((same) => new Set(same.map(({ intent }) => intent)).size > 1)
    .map((same) => ({ tickets: same.map(({ id, intent }) => ({ id, intent })) }));
  if (items.length === 0) return null;
  return {
    id: 'conflicting-labels',
    severity: 'wrong',
    message: `${count(items.length, 'text has', 'texts have')} more than one intent: one of the labels is wrong, or the intents are not clearly separated.`,
    items,
  };
}

function fewCases({ tickets, taxonomy }: Options): Finding | null {
  const cases = new Map(taxonomy.leaves.map(({ id }) => [id, 0]));
  for (const { intent } of tickets) if (intent !== null) cases.set(intent, (cases.get(intent) ?? 0) + 1);
  const few = [...cases].filter(([, n]) => n < MIN_CASES).sort((a, b) => a[1] - b[1]);
  if (few.length === 0) return null;
  const none = few.filter(([, n]) => n === 0).length;
  return {
    id: 'few-cases',
    severity: 'thin',
    message: `${few.length} of ${count(cases.size, 'intent')} ${few.length === 1 ? 'has' : 'have'} fewer than ${MIN_CASES} tickets${none === 0 ? '' : `, and ${none} ${none === 1 ? 'has' : 'have'} none`}: ${list(few.map(([intent, n]) => `${intent} (${n})`))}.`,
    items: few.map(([intent, n]) => ({ intent, tickets: n })),
  };
}

function lopsidedExamples({ examples, taxonomy }: Options): Finding | null {
  if (examples.length === 0) return null;
  const mix = describeLopsidedMix({ examples, intents: taxonomy.leaves.map(({ id }) => id) });
  return mix && { id: 'lopsided-examples', severity: 'thin', message: `${mix.message}.`, items: mix.thin };
}

const languageOf = (ticket: LabelledTicket): string => primaryLanguage(languageOfTicket(ticket)) ?? 'unknown';

function languages({ tickets, examples }: Options): Finding | null {
  const inSet = Map.groupBy(tickets, languageOf);
  const inExamples = Map.groupBy(examples, languageOf);
  const missing = [...inExamples.keys()].filter((language) => language !== 'unknown' && !inSet.has(language));
  const thin = [...inSet].filter(([, own]) => own.length < 10).map(([language, own]) => `${language} (${own.length})`);
  const sentences = [
    ...(missing.length === 0 ? [] : [`Examples are in ${list(missing)}, and no ticket is.`]),
    ...(thin.length === 0 ? [] : [`Fewer than 10 tickets in ${list(thin)}: too few to judge.`]),
    ...(inSet.size < 2 ? ['All tickets are in one language: the criterion multilingual cannot be measured.'] : []),
  ];
  if (sentences.length === 0) return null;
  return {
    id: 'languages',
    severity: missing.length > 0 || thin.length > 0 ? 'thin' : 'note',
    message: sentences.join(' '),
    items: [...inSet].map(([language, own]) => ({ language, tickets: own.length })),
  };
}

function slices(tickets: readonly LabelledTicket[]): Finding | null {
  const names = Map.groupBy(
    tickets.flatMap(({ slices: own }) => own ?? []),
    (slice) => slice,
  );
  const hasEdges = [...names.keys()].some((name) => name.startsWith(EXPECTED_SLICES));
  const hasGroups =
    [...names.keys()].some((name) => /^(group|bias):/.test(name)) ||
    tickets.some(({ variant }) => variant === 'perturbation');
  const hasParaphrases = tickets.some(({ variant }) => variant === 'paraphrase');
  const missing = [
    ...(hasEdges ? [] : ['no slice "edge:…" (edge-cases)']),
    ...(hasGroups ? [] : ['no groups and no perturbations (bias)']),
    ...(hasParaphrases ? [] : ['no paraphrases (consistency)']),
  ];
  if (missing.length === 0) return null;
  return {
    id: 'slices',
    severity: 'note',
    message: `Criteria that cannot be measured: ${missing.join('; ')}.`,
    items: [...names].map(([slice, all]) => ({ slice, tickets: all.length })),
  };
}

function outOfScope(tickets: readonly LabelledTicket[]): Finding | null {
  if (tickets.some(({ intent }) => intent === null)) return null;
  const message =
    'No ticket is out of scope ("intent": null, "outOfScope": true): it cannot be measured whether the engine turns away tickets that fit no intent.';
  return { id: 'out-of-scope', severity: 'note', message, items: [] };
}

/**
 * Labels that an engine trained without the ticket confidently disagrees with (Northcutt et al. 2021, "Confident
 * learning").
 */
function labelErrors(heldOut: readonly HeldOutAnswer[] | null): Finding | null {
  const doubtful = (heldOut ?? [])
    .filter(({ ticket, predicted, confidence }) => predicted !== ticket.intent && confidence >= LABEL_ERROR_CONFIDENCE)
    .sort((a, b) => b.confidence - a.confidence);
  if (doubtful.length === 0) return null;
  return {
    id: 'likely-label-errors',
    // A suspicion: some of these labels are right.
    severity: 'thin',
    message: `${count(doubtful.length, 'label looks', 'labels look')} wrong: an engine trained on the other tickets is at least ${percent(LABEL_ERROR_CONFIDENCE)} sure of another intent. Review them; some of these labels will be right.`,
    items: doubtful.map(({ ticket, predicted, confidence }) => ({
      id: ticket.id,
      label: ticket.intent,
      suggested: predicted,
      confidence,
    })),
  };
}

function unknownFields(found: readonly UnknownFieldCount[]): Finding | null {
  if (found.length === 0) return null;
  const fields = found.map(({ field, lines, example }) => `${field} (${count(lines, 'line')}, first ${example})`);
  return {
    id: 'unknown-fields',
    severity: 'thin',
    message: `${count(found.length, 'field is', 'fields are')} not read, because no ticket has such a field: ${list(fields)}. If they are your own notes, leave them.`,
    items: found,
  };
}

function intervalWidth(tickets: readonly LabelledTicket[]): Finding {
  const n = tickets.filter(({ intent }) => intent !== null).length;
  const width = (size: number) => {
    const { low, high } = wilsonInterval({ successes: Math.round(PLANNED_ACCURACY * size), count: size }) ?? {
      low: 0,
      high: 1,
    };
    return (high - low) * 100;
  };
  const plans = [n, 500, 1_000, 2_000].filter((size, i) => size > 0 && (i === 0 || size > n));
  const widths = plans.map((size) => `${count(size, 'ticket')}: ${width(size).toFixed(1)} points`);
  return {
    id: 'interval-width',
    severity: width(Math.max(1, n)) > 10 ? 'thin' : 'note',
    message: `At ${percent(PLANNED_ACCURACY)} accuracy the 95 % interval would be this wide: ${widths.join(', ')}.`,
    items: plans.map((size) => ({ tickets: size, widthPoints: width(size) })),
  };
}
