import { PAGE_SIZE, type RtClient } from './client.ts';
import type { RtAttachment, RtTicket, RtTransaction } from './schemas.ts';

/** How many tickets, and characters of text, are kept for the next reading. */
const MAX_KEPT_TICKETS = 500;
const MAX_KEPT_CHARACTERS = 20_000_000;
const KEPT_MS = 10 * 60_000;

/** The types of transactions that have a text. */
export const messageTypes: ReadonlySet<string> = new Set(['Create', 'Correspond', 'Comment', 'EmailRecord']);

export type Text = { readonly text: string; readonly attachments: number };

/** A ticket with everything that happened to it, as of one moment. */
export type Thread = {
  readonly kind: 'thread';
  /** The id of the last transaction. */
  readonly etag: string;
  readonly ticket: RtTicket;
  /** Oldest first. */
  readonly transactions: readonly RtTransaction[];
  /** By id of the transaction. */
  readonly texts: ReadonlyMap<number, Text>;
};
export type MergedThread = { readonly kind: 'merged'; readonly into: RtTicket; readonly etag: string };

export type ThreadReader = {
  /**
   * Reads a ticket as it is now; null when there is none that the account may see. Of a ticket that was read before, only
   * what is new is asked for.
   */
  read(id: string, signal: AbortSignal): Promise<Thread | MergedThread | null>;
  /** The ticket as it was read last; null when that was long ago. */
  last(id: string): Thread | null;
  /** Notes the text of a comment that was just written, so that it is not asked for. */
  noteComment(comment: { readonly ticket: string; readonly transaction: number; readonly text: string }): void;
  /** Forgets all texts. */
  clear(): void;
};

export function createThreadReader(client: RtClient, now: () => number = () => performance.now()): ThreadReader {
  const kept = new Map<string, { readonly thread: Thread; readonly at: number; readonly size: number }>();
  let size = 0;

  const forget = (id: string) => {
    size -= kept.get(id)?.size ?? 0;
    kept.delete(id);
  };
  const keep = (id: string, thread: Thread) => {
    forget(id);
    const own = sizeOf(thread);
    kept.set(id, { thread, at: now(), size: own });
    size += own;
    for (const oldest of kept.keys()) {
      if (kept.size <= MAX_KEPT_TICKETS && size <= MAX_KEPT_CHARACTERS) break;
      forget(oldest);
    }
  };
  const last = (id: string): Thread | null => {
    const found = kept.get(id);
    if (found === undefined) return null;
    if (now() - found.at <= KEPT_MS) return found.thread;
    forget(id);
    return null;
  };

  const reader: ThreadReader = {
    async read(id, signal) {
      const known = last(id);
      const read = await client.getTicket({ id, etag: known?.etag, signal });
      if (read === 'unchanged') return known;
      if (read === null) {
        forget(id);
        return null;
      }
      const { ticket, etag } = read;
      if (ticket.id !== id) {
        forget(id);
        return { kind: 'merged', into: ticket, etag };
      }
      const thread = await readThread({ client, known, ticket, etag, signal });
      keep(id, thread);
      return thread;
    },
    last,
    noteComment({ ticket, transaction, text }) {
      const known = last(ticket);
      if (known === null) return;
      keep(ticket, { ...known, texts: new Map([...known.texts, [transaction, { text, attachments: 0 }]]) });
    },
    clear() {
      kept.clear();
      size = 0;
    },
  };
  return reader;
}

const sizeOf = ({ texts }: Thread) => [...texts.values()].reduce((sum, { text }) => sum + text.length, 0);

type Reading = { client: RtClient; ticket: RtTicket; etag: string; signal: AbortSignal };

async function readThread(options: Reading & { known: Thread | null }): Promise<Thread> {
  const { known, ticket, etag } = options;
  const after = known === null ? 0 : Number(known.etag);
  // Nobody waits for the other where everything is new.
  const [transactions, early] = await Promise.all([
    readTransactions({ ...options, after }),
    known === null ? readTexts({ ...options, after, newest: null }) : null,
  ]);
  const isMerged = transactions.some(({ Type, Field }) => Type === 'AddLink' && Field === 'MergedInto');
  // What the other ticket brings is older than what is known.
  if (known !== null && isMerged) return readThread({ ...options, known: null });

  const newest = transactions.findLast(({ id, Type }) => messageTypes.has(Type) && !known?.texts.has(id))?.id ?? null;
  const isComplete = newest === null || early?.has(newest);
  const texts = isComplete ? early : await readTexts({ ...options, after, newest });
  return {
    kind: 'thread',
    etag,
    ticket,
    transactions: known === null ? transactions : [...known.transactions, ...transactions],
    texts: new Map([...(known?.texts ?? []), ...(texts ?? [])]),
  };
}

/** Reads the transactions after one, up to the ticket's ETag: what came after the ticket was read belongs to the next reading. */
async function readTransactions(options: Reading & { after: number }): Promise<RtTransaction[]> {
  const { client, ticket, etag, after, signal } = options;
  const found: RtTransaction[] = [];
  for (let page = 1; ; page += 1) {
    const items = await client.getTransactions({ ticket: ticket.id, after, page, signal });
    if (isRepeated(found, items)) throw client.repeatedPage(ticket.id);
    found.push(...items);
    // A page is short where it has transactions that the account may not see, so its length does not say that it is the last.
    const isEnd = items.length === 0 || (items.at(-1)?.id ?? 0) >= Number(etag);
    if (isEnd) return found.filter(({ id }) => id <= Number(etag));
  }
}

/** Reads the texts of transactions after one. `newest` is the last one that may have a text. */
async function readTexts(options: Reading & { after: number; newest: number | null }): Promise<Map<number, Text>> {
  const list = async (kind: 'text' | 'types') => {
    const { client, ticket, after, newest, signal } = options;
    const found: RtAttachment[] = [];
    for (let page = 1; ; page += 1) {
      const items = await client.getAttachments({ ticket: ticket.id, after, with: kind, page, signal });
      if (isRepeated(found, items)) throw client.repeatedPage(ticket.id);
      found.push(...items);
      const hasNewest = newest === null || found.some(({ TransactionId }) => TransactionId >= newest);
      if (items.length === 0 || (items.length < PAGE_SIZE && hasNewest)) return found;
    }
  };
  const [contents, types] = await Promise.all([list('text'), list('types')]);
  const texts = new Map<number, Text>();
  for (const [transaction, parts] of Map.groupBy(types, ({ TransactionId }) => TransactionId)) {
    const isBody = (part: RtAttachment) => part.Filename === '' && contents.some(({ id }) => id === part.id);
    const body =
      parts.find((part) => isBody(part) && part.ContentType.startsWith('text/plain')) ??
      parts.find((part) => isBody(part) && part.ContentType.startsWith('text/html'));
    texts.set(transaction, {
      text: contents.find(({ id }) => id === body?.id)?.Content ?? '',
      attachments: parts.filter(isFile).length,
    });
  }
  return texts;
}

/** A server that gives the same page again and again would be read for ever: ids rise from page to page. */
const isRepeated = (found: readonly { id: number }[], items: readonly { id: number }[]) =>
  items.length > 0 && (items[0]?.id ?? 0) <= (found.at(-1)?.id ?? 0);

/** Neither a container of other parts nor a body in another format. */
const isFile = ({ ContentType, Filename }: RtAttachment) =>
  Filename !== '' || !/^(?:multipart|text)\//.test(ContentType);
