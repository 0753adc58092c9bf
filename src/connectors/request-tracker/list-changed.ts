import { z } from 'zod';
import type { ChangedPage, Signal } from '../connector.ts';
import { PAGE_SIZE, type RtClient } from './client.ts';
import { mapIntake } from './map-ticket.ts';

/** A change is listed late where its transaction takes long, or where the clocks of RT's servers differ. */
const OVERLAP_SECONDS = 120;
/** RT writes whole seconds: a ticket may change again in the second in which it was listed, or a slow change may end later. */
const SETTLED_SECONDS = 10;
/** Keeps the cursor below its limit. What is forgotten is listed again. */
const MAX_SEEN = 3_000;

const cursorSchema = z.object({
  /** The second at which the next round starts. */
  from: z.number(),
  /** The last row of the page before, in a round that is not at its end: second and ticket. */
  at: z.tuple([z.number(), z.number()]).nullable(),
  /** Rows of the overlap that are known: ticket and second. */
  seen: z.array(z.tuple([z.number(), z.number()])),
});
type Cursor = z.infer<typeof cursorSchema>;

/**
 * Lists tickets in the order of their last change. Each page starts after the last row of the one before, by time and id:
 * a ticket that changes while pages are read moves to a later page, and no other moves with it, however many have
 * changed in one second. Each round starts again where the last one ended, less the overlap, and leaves out the rows that it knows.
 */
export async function listChanged(
  client: RtClient,
  request: { cursor: string | null; since: Date; signal: AbortSignal },
): Promise<ChangedPage> {
  const { signal } = request;
  const cursor = readCursor(request.cursor) ?? { from: secondsOf(request.since.getTime()), at: null, seen: [] };
  const [second, id] = cursor.at ?? [cursor.from, 0];
  // RT reads `=` with a time as the whole day.
  const condition = `LastUpdated > '${timeOf(second - 1)}' AND (LastUpdated > '${timeOf(second)}' OR id > ${id})`;
  const { items, pages, now } = await client.findChanged({ condition, signal });

  const rows = items.map((item) => ({ item, id: Number(item.id), second: secondsOf(Date.parse(item.LastUpdated)) }));
  const last = rows.at(-1);
  const clock = now === null ? (last?.second ?? second) : secondsOf(now);
  const seen = new Map(cursor.seen);
  const signals = rows.flatMap((row): Signal[] => {
    const isKnown = seen.get(row.id) === row.second;
    if (clock - row.second >= SETTLED_SECONDS) seen.set(row.id, row.second);
    const { Created: createdAt, LastUpdated: changedAt } = row.item;
    return isKnown ? [] : [{ externalId: row.item.id, createdAt, changedAt, intake: mapIntake(row.item) }];
  });

  const isEnd = last === undefined || (pages === null ? rows.length < PAGE_SIZE : pages <= 1);
  const next: Cursor = {
    from: isEnd ? Math.max(cursor.from, clock - OVERLAP_SECONDS) : cursor.from,
    at: isEnd ? null : [last.second, last.id],
    seen: [...seen]
      .filter(([, at]) => at >= clock - OVERLAP_SECONDS)
      .toSorted(([, a], [, b]) => a - b)
      .slice(-MAX_SEEN),
  };
  return { signals, cursor: JSON.stringify(next), isEnd };
}

/** Null when there is none, or one that this version does not know. */
function readCursor(text: string | null): Cursor | null {
  if (text === null) return null;
  try {
    return cursorSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

const secondsOf = (ms: number) => Math.floor(ms / 1_000);
/** Without its zone, RT would read a time in its own. */
const timeOf = (seconds: number) => new Date(seconds * 1_000).toISOString().replace('.000', '');
