import type { z } from 'zod';
import type { TicketFilter } from '../store/store.ts';
import { intentScope } from '../taxonomy/intent-scope.ts';
import { presentIntent } from '../taxonomy/resolve-intent.ts';
import { assertKnownNames } from './assert-known-names.ts';
import type { ticketQuerySchema } from './contract.ts';
import type { HttpApp } from './http-app.ts';

/** Filters as a request names them: intents by their ids. */
export type TicketQueryFilter = Omit<z.output<typeof ticketQuerySchema>, 'limit' | 'cursor'>;

/** The filter of a request as the store reads it. */
export function filterBy({ taxonomy }: Pick<HttpApp, 'taxonomy'>, query: TicketQueryFilter): TicketFilter {
  const { intent, correctedFrom, q, ...filter } = query;
  return {
    ...filter,
    ...(intent !== undefined && { intent: intentScope(taxonomy, intent) }),
    ...(correctedFrom !== undefined && { correctedFrom: intentScope(taxonomy, correctedFrom) }),
    ...(q !== undefined && { text: q }),
  };
}

/** Throws InputError for a team, intent, rule or connector that neither the configuration nor a stored ticket has. */
export async function assertKnownFilter(
  app: Pick<HttpApp, 'taxonomy' | 'names'> & { readonly store: Pick<HttpApp['store'], 'tickets'> },
  filter: TicketQueryFilter,
): Promise<void> {
  const { intent } = filter;
  const named = { ...filter, ...(intent !== undefined && { intent: presentIntent(app.taxonomy, intent) }) };
  const isUsed = async (field: keyof TicketQueryFilter, name: string) =>
    (await app.store.tickets.list({ filter: filterBy(app, { [field]: name }), limit: 1 })).items.length > 0;
  await assertKnownNames({ named, names: app.names, isUsed });
  if (filter.correctedFrom === undefined) return;
  const corrected = presentIntent(app.taxonomy, filter.correctedFrom);
  await assertKnownNames({
    named: { intent: corrected },
    names: app.names,
    askedAs: { intent: 'correctedFrom' },
    isUsed,
  });
}
