/** Invisible characters that a spreadsheet may drop, and apostrophes of our own. */
const LEAD = /^['\s\p{Cc}\p{Cf}]*/u;

/** A spreadsheet takes a cell that starts so for a formula, in full width too, and ticket text is anybody's. */
function isFormula(value: string): boolean {
  return /^[\t\r\n]/.test(value) || /^[=+\-@]/.test(value.replace(LEAD, '').slice(0, 2).normalize('NFKC'));
}

/** The text as a cell of a table: an apostrophe in front keeps it text. */
export const defuseFormula = (value: string): string => (isFormula(value) ? `'${value}` : value);

/** What `defuseFormula` was given. */
export const restoreFormula = (cell: string): string =>
  cell.startsWith("'") && isFormula(cell.slice(1)) ? cell.slice(1) : cell;
