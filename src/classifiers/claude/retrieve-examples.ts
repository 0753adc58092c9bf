import type { Ticket } from '../../ticket/ticket.ts';
import { ticketText } from '../../ticket/ticket-text.ts';
import type { ExampleIndex, FoundExample } from '../retrieval/example-index.ts';
import { boundText } from './fence.ts';
import type { RetrievalSettings } from './settings.ts';

export const defaultRetrieval: RetrievalSettings = { k: 5, perIntent: 2, minSimilarity: 0.2 };

// The search uses about as much of a ticket as Claude sees.
const QUERY_TOKENS = 1_500;

/** Finds the examples to send with a ticket, most similar first; never the ticket itself. */
export async function retrieveExamples(options: {
  index: ExampleIndex | null;
  retrieval: RetrievalSettings;
  ticket: Ticket;
  signal?: AbortSignal;
}): Promise<readonly FoundExample[]> {
  const { index, retrieval, ticket, signal } = options;
  if (index === null || retrieval.k === 0) return [];
  return index.search({
    text: boundText({ text: ticketText(ticket).text, maxTokens: QUERY_TOKENS }),
    ticket,
    k: retrieval.k,
    perIntent: retrieval.perIntent,
    minSimilarity: retrieval.minSimilarity,
    excludeIds: new Set([ticket.id]),
    ...(signal === undefined ? {} : { signal }),
  });
}
