import { setImmediate, setTimeout } from 'node:timers/promises';
import { explainFailure } from '../base/safe-error.ts';
import type { DueWords, Store, WordStore } from '../store/store.ts';
import { wordsOf } from '../store/ticket-search/search-words.ts';
import { decodeWords } from '../ticket/mime/encoded-text.ts';
import { readBody } from '../ticket/read-body.ts';
import type { Ticket } from '../ticket/ticket.ts';
import type { Pace } from './pace.ts';
import type { PipelineContext } from './pipeline-context.ts';

/** Tickets whose words are stored together; the embedded store takes some 5 ms for them. */
const BATCH = 20;
/** The index takes in so many tickets at once, which costs a quarter of what it costs one by one. */
const TIDY_AFTER = 100;
/** Between two looks for new tickets. */
const LOOK_EVERY_MS = 100;
/** The longest time between them: nobody may have said that tickets have arrived. */
const LOOK_AT_LEAST_EVERY_MS = 30_000;
/** After an error. */
const TRY_AGAIN_MS = 5_000;
/** Characters of a body whose words are stored: what is longer has logs or files in it. */
const MAX_BODY = 200_000;

type WordsContext = Pick<PipelineContext, 'store' | 'logger'>;

/** The words of a ticket that searches find it by. */
export function searchedWords({ subject = '', body = '', requester }: Ticket): string[] {
  const { name, email } = requester ?? {};
  return wordsOf([decodeWords(subject), name ?? '', email ?? '', readBody(body.slice(0, MAX_BODY)).text]);
}

/**
 * Stores the words of tickets soon after they have arrived: at once it would make their acceptance slower. The same finds
 * tickets that an earlier version has stored, the newest first, and goes on after a restart. Returns a function that stops it.
 */
export async function startStoringWords(context: WordsContext, pace: Pick<Pace, 'turn'>): Promise<() => Promise<void>> {
  const { store, logger } = context;
  const stopping = new AbortController();
  const { signal } = stopping;
  let woken = Promise.withResolvers<void>();
  const unsubscribe = await store.onHistory(() => woken.resolve());
  signal.addEventListener('abort', () => woken.resolve());

  const run = async () => {
    while (!signal.aborted) {
      woken = Promise.withResolvers();
      try {
        await storeDueWords(store, { signal, turn: () => pace.turn(signal) });
        await sleep(LOOK_EVERY_MS, signal);
        await Promise.race([woken.promise, sleep(LOOK_AT_LEAST_EVERY_MS, signal)]);
      } catch (error) {
        if (!signal.aborted) logger.warn({ failure: explainFailure(error) }, 'words of tickets could not be stored');
        await sleep(TRY_AGAIN_MS, signal);
      }
    }
  };
  const running = run();
  return async () => {
    stopping.abort();
    await Promise.all([running, unsubscribe()]);
  };
}

const sleep = (ms: number, signal: AbortSignal) => setTimeout(ms, undefined, { signal, ref: false }).catch(() => {});

/** Stores the words of all tickets that have none yet. Returns the number of tickets. */
export async function storeDueWords(
  store: Pick<Store, 'kind' | 'words' | 'transaction'>,
  { signal, turn = async () => true }: { signal?: AbortSignal; turn?: () => Promise<boolean> } = {},
): Promise<number> {
  let total = 0;
  let untidy = 0;
  for (;;) {
    if (signal?.aborted || !(await turn())) return total;
    // Processes that share a database leave out what another one has. On the embedded store there is no other one, and a
    // transaction would keep others waiting while the words are read.
    const done =
      store.kind === 'embedded'
        ? await storeBatch(store.words)
        : await store.transaction(({ words }) => storeBatch(words), { releasesEarly: true });
    total += done;
    untidy += done;
    if (untidy >= TIDY_AFTER) {
      await store.words.tidy();
      untidy = 0;
    }
    if (done < BATCH) return total;
  }
}

async function storeBatch(words: WordStore): Promise<number> {
  const due = await words.due(BATCH);
  const read: (Omit<DueWords, 'ticket'> & { words: string[] })[] = [];
  for (const { position, revision, ticket } of due) {
    read.push({ position, revision, words: searchedWords(ticket) });
    await setImmediate();
  }
  await words.save(read);
  return due.length;
}
