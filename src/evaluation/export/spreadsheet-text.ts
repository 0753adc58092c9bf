/** Invisible characters that a spreadsheet may drop, and the apostrophes that we add. */
const LEAD = /^['\s\p{Cc}\p{Cf}]*/u;

/** A spreadsheet runs a cell that starts like this as a formula, also in full width, and anybody can write a ticket. */
function isFormula(value: string): boolean {
  return /^[\t\r\n]/.test(value) || /^[=+\-@]/.test(value.replace(LEAD, '').slice(0, 2).normalize('NFKC'));
}

/** Turns a text into a table cell: an apostrophe in front keeps a spreadsheet from running it. */
export const defuseFormula = (value: string): string => (isFormula(value) ? `'${value}` : value);

/** Undoes `defuseFormula`. */
export const restoreFormula = (cell: string): string =>
  cell.startsWith("'") && isFormula(cell.slice(1)) ? cell.slice(1) : cell;
