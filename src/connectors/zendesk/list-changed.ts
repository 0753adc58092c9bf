import type { ChangedPage, Connector } from '../connector.ts';
import type { ZendeskClient } from './client.ts';
import type { Directory } from './directory.ts';
import { mapExported } from './map-signals.ts';

/** Zendesk refuses a start within the last minute, and clocks differ. */
const LEAST_AGE_SECONDS = 65;
const START = 'start:';
const AFTER = 'after:';

/** Reads the incremental export. Its cursor is Zendesk's own, which holds where the export stopped, also at the end. */
export function createListChanged(options: {
  readonly client: ZendeskClient;
  readonly directory: Directory;
  readonly now: () => number;
}): NonNullable<Connector['listChanged']> {
  const { client, directory, now } = options;
  return async ({ cursor, since, signal }): Promise<ChangedPage> => {
    const latest = Math.floor(now() / 1_000) - LEAST_AGE_SECONDS;
    const startTime = Math.max(1, Math.min(Math.floor(since.getTime() / 1_000), latest));
    const from = cursor?.startsWith(AFTER)
      ? { cursor: cursor.slice(AFTER.length) }
      : { startTime: cursor?.startsWith(START) ? Math.min(Number(cursor.slice(START.length)), latest) : startTime };
    const page = await client.exportTickets({ from, signal });
    const signals = [];
    for (const ticket of page.tickets) {
      signals.push(mapExported({ ticket, groups: page.groups, names: await directory.namesOf(ticket, signal) }));
    }
    const stayed = 'cursor' in from ? `${AFTER}${from.cursor}` : `${START}${from.startTime}`;
    return {
      signals,
      // An empty page may have no cursor: then the next one starts where this one did.
      cursor: page.after_cursor == null ? stayed : `${AFTER}${page.after_cursor}`,
      isEnd: page.end_of_stream || page.after_cursor == null,
    };
  };
}
