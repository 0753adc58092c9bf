import { setImmediate } from 'node:timers/promises';
import { and, asc, eq, gt, gte, ilike, inArray, lt, ne, or, type SQL, sql, sum } from '../base/drizzle.ts';
import { sha256 } from '../base/hash.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';
import { advisoryLocks } from './advisory-locks.ts';
import { EXAMPLES_CHANNEL, type Executor } from './database.ts';
import { isInScope } from './in-scope.ts';
import { insertRows } from './insert-rows.ts';
import { exampleCounts, examples, exampleTextChanges, exampleTexts, exampleVectors, OUT_OF_SCOPE } from './schema.ts';
import { storable } from './storable.ts';
import type { ExampleChanges, ExampleFilter, ExampleStore, NewExample, StoredExample } from './store.ts';

/**
 * Rows per statement: far below PostgreSQL's limit of 65,535 parameters, and few enough that the embedded store, which
 * runs one statement after another, holds up other statements for some 30 ms only.
 */
const CHUNK = 200;
/** The same for long texts: two of the longest. */
const CHUNK_CHARACTERS = 400_000;

/** A row of `examples` as a StoredExample. */
export const exampleColumns = {
  example: examples.example,
  source: examples.source,
  state: examples.state,
  why: examples.why,
  actor: examples.actor,
  ticketId: examples.ticketId,
  feedbackId: examples.feedbackId,
  updatedAt: examples.updatedAt,
} satisfies Record<keyof StoredExample, unknown>;

const isActive = eq(examples.state, 'active');
const isThere = ne(examples.state, 'removed');
const hasIntent = ne(examples.intent, OUT_OF_SCOPE);

export function createExampleStore(executor: Executor): ExampleStore {
  const select = (...conditions: (SQL | undefined)[]) =>
    executor
      .select(exampleColumns)
      .from(examples)
      .where(and(...conditions));

  /** In the order of ids, so that two transactions wait for each other and do not deadlock. */
  const lock = async (condition: SQL) =>
    select(condition, isThere)
      // As `inOrder` has it, whatever the order of the database's language is.
      .orderBy(sql`${examples.id} collate "C"`)
      .for('no key update');

  /** PostgreSQL notifies at the commit, and only once however often this is called in a transaction. */
  const notify = () => executor.execute(sql`select pg_notify(${EXAMPLES_CHANNEL}, '')`);

  const upsert = async (items: readonly NewExample[]): Promise<ExampleChanges> => {
    let changed = 0;
    let unchanged = 0;
    const newest = inOrder([...lastById(items).values()], ({ example }) => example.id);
    for await (const part of inChunks(newest, ({ example }) => example.body?.length ?? 0)) {
      const chunk = part.map(mapToRow);
      const known = await executor
        .select({ id: examples.id, contentHash: examples.contentHash, source: examples.source, state: examples.state })
        .from(examples)
        .where(
          inArray(
            examples.id,
            chunk.map((row) => row.id),
          ),
        );
      const knownById = new Map(known.filter(({ state }) => state !== 'removed').map((row) => [row.id, row]));
      const news = chunk.filter((row) => {
        const before = knownById.get(row.id);
        const isSame =
          before?.contentHash === row.contentHash && before.source === row.source && before.state === row.state;
        if (isSame) unchanged++;
        else if (before !== undefined) changed++;
        return !isSame;
      });
      if (news.length === 0) continue;
      await executor
        .insert(examples)
        .values(news)
        .onConflictDoUpdate({
          target: examples.id,
          set: {
            intent: sql`excluded.intent`,
            source: sql`excluded.source`,
            contentHash: sql`excluded.content_hash`,
            example: sql`excluded.example`,
            state: sql`excluded.state`,
            why: sql`excluded.why`,
            actor: sql`excluded.actor`,
            ticketId: sql`excluded.ticket_id`,
            feedbackId: sql`excluded.feedback_id`,
            wordsHash: sql`excluded.words_hash`,
            updatedAt: sql`clock_timestamp()`,
          },
        });
      await notify();
    }
    return { added: newest.length - changed - unchanged, changed, unchanged };
  };

  const remove = async (ids: readonly string[]): Promise<number> => {
    let removed = 0;
    for await (const chunk of inChunks(ids)) {
      const rows = await executor
        .update(examples)
        .set({
          state: 'removed',
          // A mark that keeps none of the words.
          example: sql`jsonb_build_object('id', ${examples.id}, 'intent', nullif(${examples.intent}, ${OUT_OF_SCOPE}))`,
          contentHash: '',
          why: null,
          ticketId: null,
          wordsHash: null,
          updatedAt: sql`clock_timestamp()`,
        })
        .where(and(inArray(examples.id, chunk), isThere))
        .returning({ id: examples.id });
      // Also delete the words and vectors that retrieval derived from it.
      await executor.delete(exampleTexts).where(inArray(exampleTexts.exampleId, chunk));
      await executor.delete(exampleVectors).where(inArray(exampleVectors.exampleId, chunk));
      removed += rows.length;
    }
    if (removed > 0) await notify();
    return removed;
  };

  return {
    all: () => select(isActive).orderBy(asc(examples.id)),

    async find(ids) {
      const found: StoredExample[] = [];
      for await (const part of inChunks(ids)) found.push(...(await select(inArray(examples.id, part), isThere)));
      return found;
    },

    async lock(ids) {
      const found: StoredExample[] = [];
      for await (const part of inChunks(inOrder(ids, (id) => id)))
        found.push(...(await lock(inArray(examples.id, part))));
      return found;
    },
    lockOfTicket: (ticketId) => lock(eq(examples.ticketId, ticketId)),

    async lockCounts(of) {
      const rows = of.map(({ source, intent }) => ({ source, intent: intent ?? OUT_OF_SCOPE, examples: 0 }));
      const unique = [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
      if (unique.length === 0) return;
      // Makes those that are missing, and locks the others without writing them.
      await executor.execute(sql`${insertRows(exampleCounts, unique)} order by entry."source", entry."intent"
        on conflict ("source", "intent") do update set "examples" = excluded."examples" where false`);
    },

    async changedSince(moment) {
      const changed: StoredExample[] = [];
      for (;;) {
        const last = changed.at(-1);
        const page = await select(
          gte(examples.updatedAt, moment.toISOString()),
          ne(examples.state, 'waiting'),
          last === undefined ? undefined : gt(examples.id, last.example.id),
        )
          .orderBy(asc(examples.id))
          .limit(CHUNK);
        changed.push(...page);
        if (page.length < CHUNK) return changed;
        await setImmediate();
      }
    },

    async list({ filter = {}, limit, cursor }) {
      const after = cursor === null ? undefined : gt(examples.id, cursor);
      const rows = await select(isThere, after, ...mapFilter(filter))
        .orderBy(asc(examples.id))
        .limit(limit + 1);
      const items = rows.slice(0, limit);
      return { items, nextCursor: rows.length > limit ? (items.at(-1)?.example.id ?? null) : null };
    },

    async countBySource() {
      const rows = await executor
        .select({ source: exampleCounts.source, examples: sum(exampleCounts.examples).mapWith(Number) })
        .from(exampleCounts)
        .groupBy(exampleCounts.source);
      return { file: 0, import: 0, feedback: 0, ...Object.fromEntries(rows.map((row) => [row.source, row.examples])) };
    },

    async countByIntent() {
      const rows = await executor
        .select({ intent: exampleCounts.intent, examples: sum(exampleCounts.examples).mapWith(Number) })
        .from(exampleCounts)
        .where(and(ne(exampleCounts.intent, OUT_OF_SCOPE), gt(exampleCounts.examples, 0)))
        .groupBy(exampleCounts.intent);
      return new Map(rows.map((row) => [row.intent, row.examples]));
    },

    ofTicket: (ticketId) => select(eq(examples.ticketId, ticketId), isActive).orderBy(asc(examples.id)),

    upsert,

    async syncFile(fileExamples) {
      await executor.execute(sql`select pg_advisory_xact_lock(${advisoryLocks.files})`);
      const stored = await executor
        .select({ id: examples.id })
        .from(examples)
        .where(and(eq(examples.source, 'file'), isThere));
      const fileIds = new Set(fileExamples.map((example) => example.id));
      const removed = await remove(stored.filter(({ id }) => !fileIds.has(id)).map(({ id }) => id));
      const changes = await upsert(fileExamples.map((example) => ({ example, source: 'file' as const })));
      return { ...changes, removed };
    },

    remove,

    async purgeRemoved(before) {
      const rows = await executor
        .delete(examples)
        .where(and(eq(examples.state, sql`'removed'`), lt(examples.updatedAt, before.toISOString())))
        .returning({ id: examples.id });
      // Adds up what changed in their texts, so that reading the totals stays quick.
      await executor.execute(sql`
        with gone as (delete from ${exampleTextChanges} returning texts, words, hash)
        insert into ${exampleTextChanges} ("texts", "words", "hash")
        select sum(texts), sum(words), bit_xor(hash) from gone having count(*) > 0`);
      return rows.length;
    },
  };
}

function mapToRow(item: NewExample) {
  const { source, state = 'active', why = null, actor = null, ticketId = null, feedbackId = null } = item;
  const { wordsHash = null } = item;
  const example = storable(item.example);
  const { id } = example;
  const intent = example.intent ?? OUT_OF_SCOPE;
  const contentHash = hashOf(example);
  return { id, intent, source, state, why, actor, ticketId, feedbackId, wordsHash, contentHash, example };
}

function mapFilter({ id, intent, outOfScope, source, state, actor, text }: ExampleFilter): (SQL | undefined)[] {
  const escaped = (value: string) => value.replace(/[\\%_]/g, '\\$&');
  const words = text === undefined ? undefined : `%${escaped(text)}%`;
  return [
    id === undefined ? undefined : eq(examples.id, id),
    intent === undefined ? undefined : isInScope(examples.intent, intent),
    outOfScope === undefined ? undefined : outOfScope ? eq(examples.intent, OUT_OF_SCOPE) : hasIntent,
    source === undefined ? undefined : eq(examples.source, source),
    // A literal, because its index is for this value alone.
    state === 'waiting' ? eq(examples.state, sql`'waiting'`) : state && eq(examples.state, state),
    actor === undefined ? undefined : eq(sql`${examples.actor}->>'id'`, actor),
    words === undefined
      ? undefined
      : or(ilike(sql`${examples.example}->>'subject'`, words), ilike(sql`${examples.example}->>'body'`, words)),
  ];
}

/** By ids, in the order in which everybody locks them. */
const inOrder = <Item>(items: readonly Item[], idOf: (item: Item) => string): Item[] =>
  [...items].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));

/** Parts of a long list, short enough for one statement. Other work of the main thread comes between two of them. */
async function* inChunks<Item>(
  items: readonly Item[],
  charactersOf: (item: Item) => number = () => 0,
): AsyncGenerator<Item[]> {
  let chunk: Item[] = [];
  let characters = 0;
  for (const item of items) {
    const own = charactersOf(item);
    if (chunk.length === CHUNK || (chunk.length > 0 && characters + own > CHUNK_CHARACTERS)) {
      yield chunk;
      await setImmediate();
      chunk = [];
      characters = 0;
    }
    chunk.push(item);
    characters += own;
  }
  if (chunk.length > 0) yield chunk;
}

function lastById(items: readonly NewExample[]): Map<string, NewExample> {
  return new Map(items.map((item) => [item.example.id, item]));
}

function hashOf(example: LabelledTicket): string {
  return sha256(JSON.stringify(example));
}
