import { readFile } from 'node:fs/promises';
import { sha256 } from '../../base/hash.ts';
import { parseLabelledTickets, readLabelledTickets } from '../../config/labelled-tickets.ts';
import { ConfigurationError, type Problem } from '../../errors.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';

export type DatasetFile = { readonly path: string; readonly sha256: string; readonly tickets: number };
export type Dataset = { readonly files: readonly DatasetFile[]; readonly tickets: readonly LabelledTicket[] };

/** Reads the files of a data set as one data set. Throws `ConfigurationError` that lists every problem of every file. */
export async function loadDataset(options: {
  readonly files: readonly string[];
  readonly taxonomy: Taxonomy | null;
}): Promise<Dataset> {
  const problems: Problem[] = [];
  const files: DatasetFile[] = [];
  const tickets: LabelledTicket[] = [];
  const fileOfId = new Map<string, string>();
  for (const file of options.files) {
    const read = await readOne(file, options.taxonomy, problems);
    for (const { id } of read.tickets) {
      const first = fileOfId.get(id);
      if (first !== undefined && first !== file) {
        const message = `the id "${id}" is also in ${first}`;
        problems.push({ file, line: null, message, cure: 'Give one of the two another id.' });
      }
      fileOfId.set(id, file);
    }
    files.push({ path: file, sha256: read.sha256, tickets: read.tickets.length });
    tickets.push(...read.tickets);
  }
  if (problems.length === 0 && tickets.length === 0) {
    problems.push({
      file: options.files.join(', '),
      line: null,
      message: 'the data set has no tickets',
      cure: 'Write one labelled ticket per line, for example {"id": "t-1", "body": "Where is my order?", "intent": "…"}.',
    });
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { files, tickets };
}

async function readOne(file: string, taxonomy: Taxonomy | null, problems: Problem[]) {
  try {
    const bytes = await readFile(file).catch(() => null);
    const tickets =
      bytes === null
        ? await readLabelledTickets({ file, taxonomy })
        : parseLabelledTickets({ text: bytes.toString('utf8'), file, taxonomy });
    return { tickets, sha256: sha256(bytes ?? '') };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    problems.push(...error.problems);
    return { tickets: [], sha256: '' };
  }
}

/** Hashes labelled tickets; their order does not matter. */
export function hashTickets(tickets: readonly LabelledTicket[]): string {
  return sha256(
    tickets
      .map((ticket) => sha256(JSON.stringify(ticket)))
      .sort()
      .join(''),
  );
}
