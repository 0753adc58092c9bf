import { setImmediate } from 'node:timers/promises';
import { systemActor } from '../base/actor.ts';
import { count } from '../base/plural.ts';
import type { StoredExample } from '../store/store.ts';
import { eraseWithin } from './erase.ts';
import { readExampleWords } from './learn/feedback-example.ts';
import type { PipelineContext } from './pipeline-context.ts';

const DAY_MS = 24 * 60 * 60_000;
/**
 * How long marks of removed examples are kept. Engines read them at each change; one stopped for longer trains again.
 */
const KEEP_MARKS_MS = DAY_MS;
/** How long ids of erased tickets are kept. Every process should run once in this time to erase them from its files. */
const KEEP_ERASED_IDS_MS = 30 * DAY_MS;
/** How long what helpdesks have sent is kept as it arrived, so that it can be replayed. */
const KEEP_WEBHOOKS_MS = 7 * DAY_MS;
/** Tickets of one transaction. */
const BATCH = 50;

type RetentionContext = Pick<PipelineContext, 'store' | 'redaction' | 'now'>;

/**
 * Erases the tickets to which nothing has happened for `retentionMs` (null: none). Examples made from them stay,
 * redacted once more, when `redaction` is on and they do not wait for a review; else they are erased too. Also deletes
 * old marks of removed examples, old ids of erased tickets and old webhooks. One process at a time does this. Returns the
 * number of tickets erased.
 */
export async function keepRetention(
  context: RetentionContext,
  { retentionMs, signal }: { retentionMs: number | null; signal: AbortSignal },
): Promise<number> {
  const { store, now } = context;
  const ago = (ms: number) => new Date(now().getTime() - ms);
  let erased = 0;
  while (retentionMs !== null && !signal.aborted) {
    const batch = await eraseIdle(context, { before: ago(retentionMs), days: retentionMs / DAY_MS });
    if (batch === 0) break;
    erased += batch;
    await setImmediate();
  }
  await store.upkeep(async ({ examples, erasures, webhooks, reviews }) => {
    await examples.purgeRemoved(ago(KEEP_MARKS_MS));
    await erasures.forgetIds(ago(KEEP_ERASED_IDS_MS));
    await webhooks.deleteBefore(ago(KEEP_WEBHOOKS_MS));
    await reviews.addUp();
  });
  return erased;
}

/**
 * Erases one batch. Returns the number of tickets erased: 0 when there are none, or when another process does this now.
 */
async function eraseIdle(context: RetentionContext, options: { before: Date; days: number }): Promise<number> {
  const { store } = context;
  const { before, days } = options;
  const ticketIds = await store.erasures.findIdleTickets({ before, limit: BATCH });
  if (ticketIds.length === 0) return 0;
  const kept = context.redaction ? await redactExamples(context, ticketIds) : undefined;
  const erased = await store.upkeep(async (transaction) => {
    // Something may have happened to some of them in the meantime.
    const idle = new Set(await transaction.erasures.findIdleTickets({ before, limit: BATCH }));
    return eraseWithin(transaction, {
      ticketIds: ticketIds.filter((id) => idle.has(id)),
      ...(kept && { kept }),
      actor: systemActor,
      why: `because nothing had happened to them for ${count(days, 'day')}`,
    });
  });
  return erased?.ticketIds.length ?? 0;
}

/** Returns the active examples of these tickets, by id and redacted, so that they may stay. */
async function redactExamples(
  { store }: RetentionContext,
  ticketIds: readonly string[],
): Promise<ReadonlyMap<string, StoredExample>> {
  const learned = (await store.erasures.findExamplesOfTickets(ticketIds)).filter(({ state }) => state === 'active');
  if (learned.length === 0) return new Map();
  const tickets = new Map((await store.tickets.getMany(ticketIds)).map(({ id, ticket }) => [id, ticket]));
  const kept = new Map<string, StoredExample>();
  for (const stored of learned) {
    const { requester = tickets.get(stored.ticketId ?? '')?.requester, ...example } = stored.example;
    // The example may have been stored unredacted, while redaction was off or by an older version.
    const ticket = { ...example, ...(requester && { requester }) };
    const { revision: _, ...words } = await readExampleWords({ ticket, revision: 0 }, { redaction: true });
    kept.set(example.id, { ...stored, example: { ...example, ...words } });
  }
  return kept;
}
