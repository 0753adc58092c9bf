import { setImmediate } from 'node:timers/promises';
import type { Actor } from '../base/actor.ts';
import { count } from '../base/plural.ts';
import type { StoredExample, StoreEntities, StoreTransaction } from '../store/store.ts';
import type { PipelineContext } from './pipeline-context.ts';

/** One ticket, or everything of one requester: the tickets with this address and the examples whose requester has it. */
export type EraseSelection = { readonly ticketId: string } | { readonly requester: string };

export type EraseRequest = { readonly what: EraseSelection; readonly actor: Actor };

export type Erased = {
  /** The tickets that were found. */
  readonly ticketIds: readonly string[];
  /** How many examples were found, without those of the company's own files. */
  readonly examples: number;
  /** Examples of the company's own files with this requester. They are not erased: a person must edit the files. */
  readonly ownExampleIds: readonly string[];
};

/** Tickets of one transaction. The embedded store can do other work between transactions. */
const BATCH = 100;

type EraseContext = Pick<PipelineContext, 'store'>;

/**
 * Erases tickets with everything that is stored about them: classifications, decisions, deliveries, history, feedback,
 * the examples made from them, and the webhooks that they came with. Copies in files are erased later (src/app/erase-traces.ts). Running it again finds
 * nothing and does nothing.
 */
export async function eraseTickets({ store }: EraseContext, { what, actor }: EraseRequest): Promise<Erased> {
  const { erasures } = store;
  const erase = (ids: { ticketIds: readonly string[]; exampleIds?: readonly string[] }) =>
    store.transaction((transaction) => eraseWithin(transaction, { ...ids, actor, why: 'on demand' }));
  const ticketIds: string[] = [];
  let examples = 0;
  for (const batch of inBatches(await selectTickets(erasures, what))) {
    const erased = await erase({ ticketIds: batch });
    ticketIds.push(...erased.ticketIds);
    examples += erased.examples;
    await setImmediate();
  }
  // Webhooks that were never read, or that other tickets came with.
  if ('requester' in what) await store.webhooks.deleteContaining(what.requester);
  const { own, others } = await selectExamples(erasures, what);
  for (const batch of inBatches(others)) {
    examples += (await erase({ ticketIds: [], exampleIds: batch })).examples;
    await setImmediate();
  }
  return { ticketIds, examples, ownExampleIds: own };
}

/** Returns what `eraseTickets` would erase now. */
export async function previewErasure({ store }: EraseContext, what: EraseSelection): Promise<Erased> {
  const { erasures } = store;
  const wanted = await selectTickets(erasures, what);
  const ticketIds: string[] = [];
  const exampleIds = new Set<string>();
  for (const batch of inBatches(wanted)) {
    ticketIds.push(...(await store.tickets.getMany(batch)).map(({ id }) => id));
    for (const { example } of await erasures.findExamplesOfTickets(batch)) exampleIds.add(example.id);
  }
  const { own, others } = await selectExamples(erasures, what);
  for (const id of others) exampleIds.add(id);
  return { ticketIds, examples: exampleIds.size, ownExampleIds: own };
}

async function selectTickets(erasures: StoreEntities['erasures'], what: EraseSelection): Promise<readonly string[]> {
  return 'ticketId' in what ? [what.ticketId] : erasures.findTickets(what.requester);
}

async function selectExamples(
  erasures: StoreEntities['erasures'],
  what: EraseSelection,
): Promise<{ own: readonly string[]; others: readonly string[] }> {
  const found = 'ticketId' in what ? [] : await erasures.findExamplesOfRequester(what.requester);
  const idsOf = (isWanted: (stored: StoredExample) => boolean) =>
    found.filter(isWanted).map(({ example: { id } }) => id);
  return { own: idsOf(({ source }) => source === 'file'), others: idsOf(({ source }) => source !== 'file') };
}

/**
 * Erases, within a transaction, these tickets, the examples made from them and the other given examples, and appends
 * the history entry with their number. Returns the tickets that were found and the number of examples erased.
 */
export async function eraseWithin(
  transaction: StoreTransaction,
  options: {
    ticketIds: readonly string[];
    exampleIds?: readonly string[];
    /** Examples of these tickets that stay, by id, in the form in which they are stored from now on. */
    kept?: ReadonlyMap<string, StoredExample>;
    actor: Actor;
    /** The end of the history's sentence `1 ticket and 2 examples were erased …`. */
    why: string;
  },
): Promise<{ ticketIds: readonly string[]; examples: number }> {
  const { actor, exampleIds = [], kept = new Map(), why } = options;
  // From here on, nobody can give feedback on them, which would make another example.
  await transaction.tickets.lock(options.ticketIds);
  const learned = await transaction.erasures.findExamplesOfTickets(options.ticketIds);
  const learnedIds = learned.map(({ example: { id } }) => id);
  // Before the items of the review that go with the tickets: whoever removes an example closes its item, in that order.
  const found = await transaction.examples.lock([...learnedIds, ...exampleIds]);
  const ticketIds = await transaction.erasures.deleteTickets(options.ticketIds);
  await transaction.examples.lockCounts(found.map(({ source, example: { intent } }) => ({ source, intent })));
  await transaction.examples.upsert([...kept.values()].filter(({ example: { id } }) => learnedIds.includes(id)));
  const unwanted = new Set([...learnedIds.filter((id) => !kept.has(id)), ...exampleIds]);
  const examples = await transaction.examples.remove([...unwanted]);
  if (ticketIds.length === 0 && examples === 0) return { ticketIds, examples };
  await transaction.history.append([
    {
      ticketId: null,
      event: 'tickets-erased',
      by: actor.kind === 'user' ? actor.id : `${actor.kind} ${actor.id}`,
      actor,
      detail: `${count(ticketIds.length, 'ticket')} and ${count(examples, 'example')} were erased ${why}`,
      facts: { tickets: ticketIds.length, examples },
    },
  ]);
  await transaction.erasures.record({ actor, examples, ticketIds });
  return { ticketIds, examples };
}

function* inBatches(ids: readonly string[]): Generator<readonly string[]> {
  for (let start = 0; start < ids.length; start += BATCH) yield ids.slice(start, start + BATCH);
}
