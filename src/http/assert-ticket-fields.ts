import { suggest } from '../base/schema-problems.ts';
import { InputError } from '../errors.ts';
import { ticketFieldNames } from '../ticket/ticket.ts';

/**
 * A misspelt field would be dropped without a word, and its ticket decided without what it says. Throws `InputError`
 * that names every top-level field that no ticket has. What is no object is left to the parser.
 */
export function assertTicketFields(value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const unknown = Object.keys(value).filter((name) => !ticketFieldNames.includes(name));
  if (unknown.length === 0) return;
  const issues = unknown.slice(0, 20).map((name) => {
    const path = name.slice(0, 60);
    return { path, message: `is no field of a ticket. ${suggest(path, ticketFieldNames) ?? ''}`.trim() };
  });
  throw new InputError({
    message: `${issues.map(({ path, message }) => `"${path}" ${message}`).join(' ')} A ticket may have: ${ticketFieldNames.join(', ')}.`,
    issues,
  });
}
