import { readFile } from 'node:fs/promises';
import { formatDataPath, type Path } from '../base/located-yaml.ts';
import { count } from '../base/plural.ts';
import { problemsFromIssues } from '../base/schema-problems.ts';
import { ConfigurationError, type Problem } from '../errors.ts';
import { explainWrongLeaf, presentIntent } from '../taxonomy/resolve-intent.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { findTicketLanguageFault } from '../ticket/find-language-fault.ts';
import { repairText } from '../ticket/parse-ticket.ts';
import { type LabelledTicket, labelledTicketSchema } from '../ticket/ticket.ts';
import { findUnknownFields } from './unknown-ticket-fields.ts';

/** How many problems of one file are listed. A faulty export has the same mistake on every line. */
const MAX_PROBLEMS_PER_FILE = 50;

/**
 * Reads a data set or a file of examples, which has one labelled ticket in JSON per line. With a taxonomy, every intent
 * must be a leaf of it; former ids are replaced by those of today. A field that no ticket has is a problem where it is like
 * one that the ticket lacks, and otherwise left out. Throws `ConfigurationError` with the problems of every line.
 */
export async function readLabelledTickets(options: {
  file: string;
  taxonomy: Taxonomy | null;
}): Promise<LabelledTicket[]> {
  let text: string;
  try {
    text = await readFile(options.file, 'utf8');
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new ConfigurationError([
      {
        file: options.file,
        line: null,
        message: isMissing ? 'the file of labelled tickets does not exist' : `the file cannot be read (${cause})`,
        cure: 'Check the path in the configuration or on the command line.',
      },
    ]);
  }
  return parseLabelledTickets({ ...options, text });
}

/** The same for a text that was already read; `file` is its name in problems. */
export function parseLabelledTickets(options: {
  text: string;
  file: string;
  taxonomy: Taxonomy | null;
}): LabelledTicket[] {
  const { file, taxonomy } = options;
  const tickets: LabelledTicket[] = [];
  const problems: Problem[] = [];
  const lineOfId = new Map<string, number>();

  const lines = options.text.replace(/^\uFEFF/, '').split('\n');
  lines.forEach((content, index) => {
    if (content.trim() === '') return;
    const line = index + 1;
    const parsed = parseLine({ content, file, line });
    if ('problems' in parsed) {
      problems.push(...parsed.problems);
      return;
    }
    const { ticket } = parsed;
    const first = lineOfId.get(ticket.id);
    if (first !== undefined) {
      problems.push({
        file,
        line,
        message: `the id "${ticket.id}" is used twice (first on line ${first})`,
        cure: 'Give one of the two another id.',
      });
    } else lineOfId.set(ticket.id, line);
    if (taxonomy !== null) problems.push(...checkIntents({ ticket, taxonomy, file, line }));
    tickets.push(taxonomy === null ? ticket : withPresentIntents(ticket, taxonomy));
  });

  if (problems.length > MAX_PROBLEMS_PER_FILE) {
    const more = problems.length - MAX_PROBLEMS_PER_FILE;
    const noun = count(more, 'more problem');
    problems.length = MAX_PROBLEMS_PER_FILE;
    problems.push({
      file,
      line: null,
      message: `there ${more === 1 ? 'is' : 'are'} ${noun} in this file`,
      cure: 'Correct the ones above first.',
    });
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return tickets;
}

/** The fields in labelled tickets that no ticket has, with the number of lines that have each, and one of them. */
export type UnknownFieldCount = { readonly field: string; readonly lines: number; readonly example: string };

/** Counts the fields that are left out of these files, which must be readable. */
export async function countUnknownFields(files: readonly string[]): Promise<UnknownFieldCount[]> {
  const counts = new Map<string, { lines: number; example: string }>();
  for (const file of files) {
    for (const [index, content] of (await readFile(file, 'utf8'))
      .replace(/^\uFEFF/, '')
      .split('\n')
      .entries()) {
      if (content.trim() === '') continue;
      for (const { path } of findUnknownFields(JSON.parse(content))) {
        const known = counts.get(path) ?? { lines: 0, example: `${file}:${index + 1}` };
        counts.set(path, { ...known, lines: known.lines + 1 });
      }
    }
  }
  return [...counts].map(([field, found]) => ({ field, ...found }));
}

type ParsedLine = { readonly ticket: LabelledTicket } | { readonly problems: readonly Problem[] };

function parseLine({ content, file, line }: { content: string; file: string; line: number }): ParsedLine {
  let value: unknown;
  try {
    value = repairText(JSON.parse(content));
  } catch {
    // The message of the JSON parser is dropped: it quotes the text, and no message may contain text of a ticket.
    return {
      problems: [{ file, line, message: 'this line is not JSON', cure: 'Write one ticket a line, as a JSON object.' }],
    };
  }
  const result = labelledTicketSchema.safeParse(value);
  const place = { file, line };
  const unknown = findUnknownFields(value);
  const misspelt = unknown.flatMap(({ path, cure }): Problem[] =>
    cure === null ? [] : [{ ...place, message: `${path} is not a field of a ticket`, cure }],
  );
  if (result.success) {
    const problems = [...misspelt, ...checkLanguage(result.data, place)];
    return problems.length === 0 ? { ticket: result.data } : { problems };
  }
  const located = { value, locate: () => place, locateKey: () => place };
  const { issues } = result.error;
  const problems = [
    ...problemsFromIssues({ issues, located, schema: labelledTicketSchema, rootName: 'the line' }),
    ...misspelt,
  ];
  const hasNoText = issues.some(({ path, code }) => code === 'custom' && path.join('.') === 'body');
  const other = unknown.find(({ cure }) => cure === null);
  if (!hasNoText || misspelt.length > 0 || other === undefined) return { problems };
  const cure = 'If the text of the ticket is there, name it body.';
  return { problems: [...problems, { ...place, message: `${other.path} is not a field of a ticket`, cure }] };
}

function checkLanguage({ language }: LabelledTicket, place: { file: string; line: number }): Problem[] {
  const fault = language === undefined ? null : findTicketLanguageFault(language);
  return fault === null ? [] : [{ ...place, message: `language: ${fault.message}`, cure: fault.cure }];
}

function checkIntents(options: { ticket: LabelledTicket; taxonomy: Taxonomy; file: string; line: number }): Problem[] {
  const { ticket, taxonomy, file, line } = options;
  const named: { path: Path; intent: string }[] = [
    ...(ticket.intent === null ? [] : [{ path: ['intent'], intent: ticket.intent }]),
    ...(ticket.secondaryIntents ?? []).map((intent, index) => ({ path: ['secondaryIntents', index], intent })),
  ];
  return named.flatMap(({ path, intent }): Problem[] => {
    const fault = explainWrongLeaf(taxonomy, intent);
    return fault === null
      ? []
      : [{ file, line, message: `${formatDataPath(path)}: ${fault.message}`, cure: fault.cure }];
  });
}

/** Replaces former ids of intents (`aliases`) by those of today. */
function withPresentIntents(ticket: LabelledTicket, taxonomy: Taxonomy): LabelledTicket {
  const present = (intent: string) => presentIntent(taxonomy, intent);
  const { intent, secondaryIntents } = ticket;
  return {
    ...ticket,
    intent: intent === null ? null : present(intent),
    ...(secondaryIntents === undefined ? {} : { secondaryIntents: secondaryIntents.map(present) }),
  };
}
