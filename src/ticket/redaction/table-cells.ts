import type { Steps } from '../../base/steps.ts';
import type { TableCell } from './number-meanings.ts';
import { type NumberMeaning, numberWordOf } from './number-words.ts';

/** A longer line is no header of a table that people paste. */
const MAX_HEADER = 1_000;
const MAX_HEADER_CELL = 40;
/** A step of the search reads about this many characters. */
const STEP_LENGTH = 8_000;

type Line = { readonly start: number; readonly text: string };
type Table = { readonly delimiter: string; readonly meanings: readonly (NumberMeaning | null)[] };

/**
 * Finds the cells of tables in a folded text (CSV, and columns divided by tabs, bars or spaces) whose header says what
 * the numbers below are. In order.
 */
export function* tableCellSteps(view: string): Steps<readonly TableCell[]> {
  const cells: TableCell[] = [];
  let table: Table | null = null;
  let header: Line | null = null;
  let nextStep = 0;
  for (let start = 0; start < view.length; ) {
    if (start >= nextStep) {
      yield Math.min(STEP_LENGTH, view.length - start);
      nextStep = start + STEP_LENGTH;
    }
    const lineEnd = view.indexOf('\n', start);
    const end = lineEnd === -1 ? view.length : lineEnd;
    const line = { start, text: view.slice(start, end) };
    start = end + 1;
    const isRow = line.text.length <= MAX_HEADER && /\d/.test(line.text);
    if (table === null && header !== null && isRow)
      table = readHeader(header.text, line.text, view.slice(start, start + MAX_HEADER));
    if (table !== null && !/^[\s|:+-]+$/.test(line.text)) {
      const found = isRow ? readRow(line, table) : null;
      if (found === null) table = null;
      else for (const cell of found) cells.push(cell);
    }
    if (table === null && !/^[\s|:+-]+$/.test(line.text)) header = line;
  }
  return cells;
}

/** Returns the columns of a header above a row; null when the two lines are no table. */
function readHeader(header: string, row: string, below: string): Table | null {
  if (header.length > MAX_HEADER || /[!?]|[.:] |[.:]$|\d{5}/.test(header.trim())) return null;
  for (const delimiter of [';', '\t', '|', ',', ' ']) {
    const names = split(header, delimiter).map(({ text }) => text);
    const count = names.length;
    if (count < 2 || split(row, delimiter).length !== count) continue;
    // Two short lines with a comma are mostly sentences, and words with spaces between them nearly always.
    const isCertain = delimiter === ' ' || (delimiter === ',' && count === 2);
    if (isCertain && !/\d/.test(firstLine(below))) continue;
    if (isCertain && split(firstLine(below), delimiter).length !== count) continue;
    const meanings = meaningsOfColumns(names);
    if (meanings.every((meaning) => meaning === null) || names.some((name) => name.length > MAX_HEADER_CELL)) continue;
    return { delimiter, meanings };
  }
  return null;
}

const firstLine = (text: string) => text.split('\n', 1)[0] ?? '';

/** A column that is only called "number" beside one of telephone numbers holds other numbers. */
function meaningsOfColumns(names: readonly string[]): (NumberMeaning | null)[] {
  const meanings = names.map(meaningOfColumn);
  if (!meanings.includes('phone')) return meanings;
  return meanings.map((meaning, index) =>
    meaning === null && numberWordOf(names[index]?.trim() ?? '').isNumberWord ? 'reference' : meaning,
  );
}

/** The last word of a column's name that says something: `order_id`, `Phone number`, `serial`. */
function meaningOfColumn(name: string): NumberMeaning | null {
  const words = name.match(/[\p{L}\p{M}]+/gu) ?? [];
  if (words.length > 4) return null;
  const meanings = words.map((word) => numberWordOf(word).meaning);
  return (
    meanings.find((meaning) => meaning === 'phone' || meaning === 'card') ??
    meanings.find((meaning) => meaning !== null) ??
    null
  );
}

function readRow(line: Line, { delimiter, meanings }: Table): TableCell[] | null {
  const fields = split(line.text, delimiter);
  if (fields.length !== meanings.length) return null;
  return fields.flatMap(({ start, text }, index) => {
    const meaning = meanings[index] ?? null;
    if (meaning === null || !/\d/.test(text)) return [];
    return [{ start: line.start + start, end: line.start + start + text.length, meaning }];
  });
}

/** The fields of a line, also in quotes. Bars at the edges of a line divide nothing. */
function split(line: string, delimiter: string): { start: number; text: string }[] {
  const fields: { start: number; text: string }[] = [];
  let isQuoted = false;
  let start = 0;
  for (let at = 0; at <= line.length; at++) {
    const character = line[at];
    if (character === '"') isQuoted = !isQuoted;
    if (at < line.length && (character !== delimiter || isQuoted)) continue;
    fields.push({ start, text: line.slice(start, at) });
    start = at + 1;
  }
  const isEdge = delimiter === '|' || delimiter === ' ';
  return isEdge ? fields.filter(({ text }) => text.trim() !== '') : fields;
}
