import { z } from 'zod';
import type { ChangedPage, Signal } from '../connector.ts';
import { PAGE_SIZE, type RtClient } from './client.ts';
import { mapIntake } from './map-ticket.ts';

/** A change is listed late where its transaction takes long, or where the clocks of RT's servers differ. */
const OVERLAP_SECONDS = 120;
/** RT writes whole seconds: a ticket may change again in the second in which it was listed, or a slow change may end later. */
const SETTLED_SECONDS = 10;
/** More than the time zones of RT and of its account can differ from UTC. */
const MARGIN_SECONDS = 2 * 24 * 3_600;
/** Keeps the cursor below its limit. What is forgotten is listed again. */
const MAX_SEEN = 3_000;

const cursorSchema = z.object({
  /** A round lists what has changed since this second. */
  from: z.number(),
  /** A round that is not at its end: the next page, the second in which it began, and how many tickets there were. */
  round: z
    .object({
      page: z.number().int().min(1),
      startedAt: z.number().nullable(),
      total: z.number().nullable(),
      /** It follows a round of several pages, for what changed while they were read. */
      isSecond: z.boolean(),
    })
    .nullable(),
  /** Rows since `from` that are known: ticket and second. */
  seen: z.array(z.tuple([z.number(), z.number()])),
});
type Cursor = z.infer<typeof cursorSchema>;

/**
 * Lists tickets by their last change, the newest first, down to where the round before began, less an overlap; rows that are
 * known are left out. A ticket that changes while pages are read moves to the top and the others down, so that none is
 * missed: the next round finds it, which follows at once after one of several pages. Where tickets have left the list, the
 * page before is read again.
 *
 * RT's search is asked for whole days only: it ignores the time before a `Z`, and shifts other times by the time zone of the
 * account, in some hours by the wrong one.
 */
export async function listChanged(
  client: RtClient,
  request: { cursor: string | null; since: Date; signal: AbortSignal },
): Promise<ChangedPage> {
  const { signal } = request;
  const cursor = readCursor(request.cursor) ?? {
    from: secondsOf(request.since.getTime()) - OVERLAP_SECONDS,
    round: null,
    seen: [],
  };
  const { from, round } = cursor;
  const page = round?.page ?? 1;
  const condition = `LastUpdated > '${dayOf(from - MARGIN_SECONDS)}'`;
  const { items, total, pages, now } = await client.findChanged({ condition, page, signal });

  const listed = items.map((item) => ({ item, id: Number(item.id), second: secondsOf(Date.parse(item.LastUpdated)) }));
  const rows = listed.filter(({ second }) => second >= from).toReversed();
  const clock = now === null ? (rows.at(-1)?.second ?? from) : secondsOf(now);
  const startedAt = round?.startedAt ?? clock;
  const seen = new Map(cursor.seen);
  const signals = rows.flatMap((row): Signal[] => {
    const isKnown = seen.get(row.id) === row.second;
    if (clock - row.second >= SETTLED_SECONDS) seen.set(row.id, row.second);
    const { Created: createdAt, LastUpdated: changedAt } = row.item;
    return isKnown ? [] : [{ externalId: row.item.id, createdAt, changedAt, intake: mapIntake(row.item) }];
  });

  const left = Math.max(0, (round?.total ?? 0) - (total ?? 0));
  const isLast = listed.length === 0 || rows.length < listed.length || (pages !== null && page >= pages);
  const isRoundEnd = isLast && left === 0;
  const isSecond = round?.isSecond ?? false;
  const isEnd = isRoundEnd && (page === 1 || isSecond);
  const nextFrom = isRoundEnd ? Math.max(from, startedAt - OVERLAP_SECONDS) : from;
  const nextPage = left === 0 ? page + 1 : Math.max(1, page - Math.ceil(left / PAGE_SIZE));
  const nextRound = isRoundEnd
    ? { page: 1, startedAt: null, total: null, isSecond: true }
    : { page: nextPage, startedAt, total, isSecond };
  const next: Cursor = {
    from: nextFrom,
    round: isEnd ? null : nextRound,
    seen: [...seen]
      .filter(([, at]) => at >= nextFrom)
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
const dayOf = (seconds: number) => new Date(seconds * 1_000).toISOString().slice(0, 10);
