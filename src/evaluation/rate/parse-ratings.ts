import { ConfigurationError, type Problem } from '../../errors.ts';
import { restoreFormula } from '../export/spreadsheet-text.ts';
import { type Rating, ratingSchema } from './ratings.ts';

/**
 * Parses ratings that people filled in: CSV with the columns `ticketId, rater, rating` and optionally `comment`, a JSON
 * list, or one JSON object per line. Rows without a rating are skipped. `knownIds` are the tickets of the run.
 * Throws `ConfigurationError` that lists every wrong row.
 */
export function parseRatings(options: {
  readonly text: string;
  readonly file: string;
  readonly knownIds: ReadonlySet<string>;
  /** Name of the rater, for rows that do not give one. */
  readonly rater?: string;
}): Rating[] {
  const { file, knownIds, rater } = options;
  const text = options.text.replace(/^\uFEFF/, '');
  const rows = /^\s*[[{]/.test(text) ? jsonRows(text) : csvRows(text);
  const problems: Problem[] = [];
  const ratings: Rating[] = [];
  for (const { line, value } of rows) {
    if (value !== null && (value.rating === undefined || value.rating === null || value.rating === '')) continue;
    const parsed = ratingSchema.safeParse({
      ...value,
      rater: value?.rater || rater,
      rating: Number(value?.rating),
      comment: value?.comment || undefined,
    });
    const problem = !parsed.success
      ? `this is not a rating (${parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')})`
      : knownIds.has(parsed.data.ticketId)
        ? null
        : `the run has no ticket "${parsed.data.ticketId}"`;
    if (parsed.success && problem === null) ratings.push(parsed.data);
    else {
      const cure = 'Expected are ticketId, rater and rating (1 to 5).';
      problems.push({ file, line, message: problem ?? 'this is not a rating', cure });
    }
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return ratings;
}

type Row = { readonly line: number; readonly value: Readonly<Record<string, unknown>> | null };

function jsonRows(text: string): Row[] {
  if (text.trimStart().startsWith('[')) {
    const list: unknown = parse(text);
    return Array.isArray(list)
      ? list.map((value: unknown, i) => ({ line: i + 1, value: recordOf(value) }))
      : [{ line: 1, value: null }];
  }
  return text
    .split('\n')
    .map((content, i) => ({ line: i + 1, content }))
    .filter(({ content }) => content.trim() !== '')
    .map(({ line, content }) => ({ line, value: recordOf(parse(content)) }));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : null;

/** Parses comma- or semicolon-separated values (RFC 4180); the first row holds the column names. */
function csvRows(text: string): Row[] {
  const separator = (text.split('\n')[0] ?? '').includes(';') ? ';' : ',';
  const [head, ...rows] = parseCsv(text, separator);
  const names = (head?.cells ?? []).map((name) => name.trim());
  return rows.map(({ line, cells }) => ({
    line,
    value: Object.fromEntries(names.map((name, i) => [name, restoreFormula(cells[i]?.trim() ?? '')])),
  }));
}

export function parseCsv(text: string, separator: string): { line: number; cells: string[] }[] {
  const rows: { line: number; cells: string[] }[] = [];
  let cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  let line = 1;
  let startLine = 1;
  const endRow = () => {
    cells.push(cell);
    if (cells.some((value) => value.trim() !== '')) rows.push({ line: startLine, cells });
    cells = [];
    cell = '';
  };
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (character === '\n') line += 1;
    if (isQuoted) {
      if (character === '"' && text[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else if (character === '"') isQuoted = false;
      else cell += character;
    } else if (character === '"') isQuoted = true;
    else if (character === separator) {
      cells.push(cell);
      cell = '';
    } else if (character === '\n') {
      endRow();
      startLine = line;
    } else if (character !== '\r') cell += character;
  }
  endRow();
  return rows;
}
