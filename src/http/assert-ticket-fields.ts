import { suggest } from '../base/schema-problems.ts';
import { InputError } from '../errors.ts';
import { ticketFieldNames } from '../ticket/ticket.ts';

/**
 * Throws InputError that lists the top-level fields that a ticket cannot have (at most 20): without it, a misspelt
 * field would be ignored and the ticket decided without its value. A value that is not an object is left to the parser.
 */
export function assertTicketFields(value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const unknown = Object.keys(value).filter((name) => !ticketFieldNames.includes(name));
  if (unknown.length === 0) return;
  const issues = unknown.slice(0, 20).map((name) => {
    const path = name.slice(0, 60);
    return { path, message: `is not a field of a ticket. ${suggest(path, ticketFieldNames) ?? ''}`.trim() };
  });
  throw new InputError({
    message: `${issues.map(({ path, message }) => `"${path}" ${message}`).join(' ')} A ticket may have: ${ticketFieldNames.join(', ')}.`,
    issues,
  });
}
