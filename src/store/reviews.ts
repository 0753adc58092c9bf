import type { Actor } from '../base/actor.ts';
import { and, asc, eq, gte, isNull, type SQL, sql, sum } from '../base/drizzle.ts';
import { advisoryLocks } from './advisory-locks.ts';
import { anyOf } from './any-of.ts';
import type { Executor } from './database.ts';
import { rowsOf } from './insert-rows.ts';
import type { ReviewKind } from './review-kinds.ts';
import type { HeldItem, Holder, ReviewFilter, ReviewItem, ReviewStore, ReviewSubject } from './review-store.ts';
import { classifications, examples, feedback, OUT_OF_SCOPE, reviewChanges, reviews, tickets } from './schema.ts';

/** An actor, as `skipped_by` has it. */
export const nameSkipper = ({ kind, id }: Actor): string => JSON.stringify([kind, id]);
/** An actor in one tab, as `holder` has it. */
export const nameHolder = ({ actor, reviewer }: Holder): string => JSON.stringify([actor.kind, actor.id, reviewer]);

/** The tab of a holder. */
export const reviewerOf = (holder: string | null): string => (holder === null ? '' : String(JSON.parse(holder)[2]));

const isHeld = sql<boolean>`coalesce(${reviews.heldUntil} > clock_timestamp(), false)`;
const columns = {
  id: reviews.id,
  kind: reviews.kind,
  ticketId: reviews.ticketId,
  revision: reviews.revision,
  feedbackId: reviews.feedbackId,
  exampleId: reviews.exampleId,
  why: reviews.why,
  holder: reviews.holder,
  heldUntil: reviews.heldUntil,
  isHeld,
  isDone: sql<boolean>`${reviews.doneAt} is not null`,
  verdict: reviews.verdict,
  doneBy: reviews.doneBy,
  answerId: reviews.answerId,
  skippedBy: reviews.skippedBy,
} satisfies Record<keyof ReviewItem, unknown>;

const subjectColumns = {
  team: reviews.team,
  decidedIntent: classifications.intent,
  feedback: feedback.feedback,
  exampleIntent: sql<string | null>`nullif(${examples.intent}, ${OUT_OF_SCOPE})`,
} satisfies Record<keyof ReviewSubject, unknown>;

const waits = isNull(reviews.doneAt);
const inOrder = [asc(reviews.rank), asc(reviews.since), asc(reviews.id)] as const;
const later = (holdMs: number) => sql`clock_timestamp() + ${holdMs}::float8 * interval '1 millisecond'`;

/** One value is compared as one, so that its index gives the rows in their order. */
const oneOf = (column: typeof reviews.intent | typeof reviews.kind, values: readonly string[]): SQL =>
  values.length === 1 ? sql`${column} = ${values[0]}` : anyOf(column, values);

const fits = ({ team, intents, language }: Omit<ReviewFilter, 'kinds'>): SQL | undefined =>
  and(
    team === undefined ? undefined : eq(reviews.team, team),
    intents === undefined ? undefined : oneOf(reviews.intent, intents),
    language === undefined ? undefined : eq(reviews.language, language),
  );

export function createReviewStore(executor: Executor): ReviewStore {
  const describe = async (ids: readonly number[]): Promise<HeldItem[]> => {
    const rows = await executor
      .select({ ...columns, subject: subjectColumns })
      .from(reviews)
      .leftJoin(tickets, eq(tickets.id, reviews.ticketId))
      .leftJoin(
        classifications,
        and(
          eq(classifications.ticketId, reviews.ticketId),
          eq(classifications.revision, sql`coalesce(${reviews.revision}, ${tickets.revision})`),
        ),
      )
      .leftJoin(feedback, eq(feedback.id, reviews.feedbackId))
      .leftJoin(examples, eq(examples.id, reviews.exampleId))
      .where(anyOf(reviews.id, ids));
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => {
      const row = byId.get(id);
      return row?.heldUntil == null ? [] : [{ ...row, heldUntil: row.heldUntil, subject: row.subject }];
    });
  };

  /** The first free items of each kind; the caller takes the best of all. Skips what somebody is deciding right now. */
  const findFree = async (options: Parameters<ReviewStore['hold']>[0] & { count: number }): Promise<number[]> => {
    const { holder, filter, skipped, count } = options;
    const me = nameHolder(holder);
    const found = await Promise.all(
      filter.kinds.map((kind) =>
        executor
          .select({ id: reviews.id, rank: reviews.rank, since: reviews.since })
          .from(reviews)
          .where(
            and(
              waits,
              eq(reviews.kind, kind),
              fits(filter),
              sql`not ${isHeld}`,
              skipped ? undefined : sql`${nameSkipper(holder.actor)} <> all(${reviews.skippedBy})`,
              sql`not exists (select from ${reviews} as other where other.ticket_id = ${reviews.ticketId}
                and other.done_at is null and other.held_until > clock_timestamp() and other.holder <> ${me})`,
            ),
          )
          .orderBy(...inOrder)
          .limit(count)
          .for('update', { skipLocked: true }),
      ),
    );
    const sorted = found.flat().sort((a, b) => a.rank - b.rank || compare(a.since, b.since) || a.id - b.id);
    return sorted.slice(0, count).map(({ id }) => id);
  };

  const find = (id: number) => executor.select(columns).from(reviews).where(eq(reviews.id, id));

  return {
    async openMany(items) {
      if (items.length === 0) return;
      const rows = items.map(({ urgency, ...item }) => ({
        ...item,
        key: `decision:${item.ticketId}:${item.revision}`,
        rank: ['critical', 'high', 'normal', 'low'].indexOf(urgency),
      }));
      await executor.execute(sql`
        insert into ${reviews} ("key", "kind", "ticket_id", "revision", "team", "intent", "language", "rank", "since", "why")
        select entry."key", entry."kind", t."id", entry."revision", entry."team", entry."intent",
          coalesce(entry."language", t."language"), entry."rank", t."received_at", entry."why"
        from ${rowsOf(reviews, rows)} join ${tickets} t on t."id" = entry."ticketId" and t."revision" = entry."revision"
        where not exists (
          select from ${feedback} f where f."ticket_id" = t."id" and f."revision" = t."revision" and f."state" <> 'undone'
            and (f."feedback"->>'intent' is not null or f."feedback"->>'outOfScope' is not null))
        on conflict ("key") do nothing`);
    },

    async askOfMove({ ticketId, feedbackId, why }) {
      await executor
        .update(reviews)
        .set({ doneAt: sql`clock_timestamp()`, heldUntil: null, answerId: feedbackId })
        .where(and(waits, eq(reviews.ticketId, ticketId), eq(reviews.kind, 'moved')));
      if (why === null) return;
      await executor.execute(sql`
        select switchboard.open_feedback_review(jsonb_populate_record(f, jsonb_build_object('why', ${why}::text)))
        from ${feedback} f where f.id = ${feedbackId}`);
    },

    async hold(request) {
      const { holder, filter, count, holdMs } = request;
      const me = nameHolder(holder);
      // Those who ask take turns, so that nobody gets a ticket of which another one is just given an item.
      await executor.execute(sql`select pg_advisory_xact_lock(${advisoryLocks.reviews})`);
      // Nothing here waits for a locked item: whoever has locked it may need another one that is locked here.
      const findMine = (...conditions: (SQL | undefined)[]) =>
        executor
          .select({ id: reviews.id })
          .from(reviews)
          .where(and(waits, eq(reviews.holder, me), isHeld, ...conditions))
          .orderBy(...inOrder)
          .for('update', { skipLocked: true });
      const mine = await findMine(oneOf(reviews.kind, filter.kinds), fits(filter)).limit(count);
      const ids = mine.map(({ id }) => id);
      if (ids.length < count) ids.push(...(await findFree({ ...request, count: count - ids.length })));
      const others = await findMine(sql`not ${anyOf(reviews.id, ids)}`);
      if (others.length > 0) {
        const left = others.map(({ id }) => id);
        await executor.update(reviews).set({ heldUntil: null }).where(anyOf(reviews.id, left));
      }
      if (ids.length === 0) return [];
      await executor
        .update(reviews)
        .set({ holder: me, heldUntil: later(holdMs) })
        .where(anyOf(reviews.id, ids));
      return describe(ids);
    },

    async get(id) {
      const [row] = await find(id);
      return row ?? null;
    },

    async lock(id) {
      const [row] = await find(id).for('no key update');
      return row ?? null;
    },

    async finish({ id, verdict, holder, answerId }) {
      await executor
        .update(reviews)
        .set({
          verdict,
          doneBy: holder.actor,
          holder: nameHolder(holder),
          heldUntil: null,
          answerId,
          doneAt: sql`clock_timestamp()`,
        })
        .where(eq(reviews.id, id));
    },

    async skip({ id, holder }) {
      const skipper = nameSkipper(holder.actor);
      await executor
        .update(reviews)
        .set({
          skippedBy: sql`array_append(array_remove(${reviews.skippedBy}, ${skipper}::text), ${skipper}::text)`,
          holder: nameHolder(holder),
          heldUntil: null,
        })
        .where(eq(reviews.id, id));
    },

    async reopen({ id, holder, holdMs }) {
      await executor
        .update(reviews)
        .set({
          ...{ doneAt: null, verdict: null, doneBy: null, answerId: null },
          skippedBy: sql`array_remove(${reviews.skippedBy}, ${nameSkipper(holder.actor)}::text)`,
          holder: nameHolder(holder),
          heldUntil: later(holdMs),
        })
        .where(eq(reviews.id, id));
      const [item] = await describe([id]);
      if (item === undefined) throw new TypeError(`the review item ${id} is not there`);
      return item;
    },

    async counts() {
      const rows = await executor
        .select({ kind: reviewChanges.kind, waiting: sum(reviewChanges.waiting).mapWith(Number) })
        .from(reviewChanges)
        .groupBy(reviewChanges.kind);
      const none: Record<ReviewKind, number> = { abstained: 0, unsure: 0, moved: 0, correction: 0, example: 0 };
      return { ...none, ...Object.fromEntries(rows.map(({ kind, waiting }) => [kind, waiting])) };
    },

    async countWaiting(filter) {
      const [row] = await executor
        .select({ waiting: sql<number>`count(*)`.mapWith(Number) })
        .from(reviews)
        .where(and(waits, oneOf(reviews.kind, filter.kinds), fits(filter)));
      return row?.waiting ?? 0;
    },

    async countDone({ since, actor }) {
      const from = since?.toISOString() ?? sql`date_trunc('day', clock_timestamp(), 'UTC')`;
      const [row] = await executor
        .select({
          all: sql<number>`count(*)`.mapWith(Number),
          mine: sql<number>`count(*) filter (where ${reviews.doneBy} = ${JSON.stringify(actor)}::jsonb)`.mapWith(
            Number,
          ),
        })
        .from(reviews)
        .where(and(sql`${reviews.verdict} is not null`, gte(reviews.doneAt, from)));
      return row ?? { mine: 0, all: 0 };
    },

    async addUp() {
      await executor.execute(sql`
        with gone as (delete from ${reviewChanges} returning kind, waiting)
        insert into ${reviewChanges} ("kind", "waiting") select kind, sum(waiting) from gone group by kind`);
    },
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
