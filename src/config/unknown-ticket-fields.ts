import { suggest } from '../base/schema-problems.ts';
import { labelledTicketFieldNames, requesterSchema, ticketSourceSchema } from '../ticket/ticket.ts';

/** A field that no ticket has. */
export type UnknownField = {
  /** `langage`, `requester.teir`. */
  readonly path: string;
  /** `Did you mean "language"?`; null where it is like no field, or like one that the ticket has as well. */
  readonly cure: string | null;
};

const MAX_NAME_SHOWN = 60;

/** Fields of a labelled ticket that are not read. One that is like a field the ticket lacks is probably misspelt. */
export function findUnknownFields(value: unknown): UnknownField[] {
  if (!isObject(value)) return [];
  const { requester, source } = value;
  return [
    ...unknownIn(value, { known: labelledTicketFieldNames, prefix: '' }),
    ...unknownIn(requester, { known: Object.keys(requesterSchema.shape), prefix: 'requester.' }),
    ...unknownIn(source, { known: Object.keys(ticketSourceSchema.shape), prefix: 'source.' }),
  ];
}

function unknownIn(value: unknown, { known, prefix }: { known: readonly string[]; prefix: string }): UnknownField[] {
  if (!isObject(value)) return [];
  const missing = known.filter((name) => !Object.hasOwn(value, name));
  return Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => ({ path: `${prefix}${name.slice(0, MAX_NAME_SHOWN)}`, cure: suggest(name, missing) }));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
