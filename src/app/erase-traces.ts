import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { raceSignal } from '../base/deadline.ts';
import { makePrivateFolder, replacePrivateFile } from '../base/private-files.ts';
import type { Connector } from '../connectors/connector.ts';
import type { Erasure, Store } from '../store/store.ts';

/** Where a data folder keeps how far it is. */
export const ERASED_FILE = 'erased.json';

/** The newest erasure that a kind of file holds nothing of any more. `at` shows that it is of the same database. */
const reachedSchema = z.object({ id: z.number().int(), at: z.string() }).nullable().catch(null);
const markSchema = z.object({ connectors: reachedSchema, engine: reachedSchema, store: reachedSchema });
type Mark = z.infer<typeof markSchema>;
const nothingReached: Mark = { connectors: null, engine: null, store: null };

/** Erasures of one read. */
const PAGE = 100;

export type TraceEraser = {
  /**
   * Takes what was erased from the store out of files: those of connectors, the engine's caches, and with `compacts` those
   * of an embedded store. Resolves when all of it is out; rejects with the first failure, after doing the rest, and where
   * the signal ends it early. The next run goes on where this one stopped.
   */
  run(options: { compacts: boolean; signal?: AbortSignal }): Promise<void>;
  /** When the oldest erasure was that an embedded store's files still hold; null when there is none. */
  waitingSince(): Promise<Date | null>;
};

export function createTraceEraser(options: {
  store: Pick<Store, 'erasures' | 'compact' | 'kind'>;
  connectors: readonly Connector[];
  /** Null where other processes look after the engine's caches. */
  engine: { dropTraces(): Promise<void> } | null;
  dataDir: string;
}): TraceEraser {
  const { store, connectors, engine, dataDir } = options;
  const file = join(dataDir, ERASED_FILE);

  /** What is to be done of one kind: all erasures after the one that was reached. */
  const findNews = async (reached: Mark[keyof Mark]): Promise<readonly Erasure[]> => {
    const [known] = reached === null ? [] : await store.erasures.after(reached.id - 1, 1);
    // Another database, or one that was made anew: its erasures are all news.
    const isSame = known !== undefined && known.id === reached?.id && known.at === reached.at;
    const news: Erasure[] = [];
    for (let after = isSame ? known.id : 0; ; after = news.at(-1)?.id ?? after) {
      const page = await store.erasures.after(after, PAGE);
      news.push(...page);
      if (page.length < PAGE) return news;
    }
  };

  const steps: Record<keyof Mark, (news: readonly Erasure[], signal: AbortSignal) => Promise<void>> = {
    async connectors(news) {
      const ticketIds = news.flatMap((erasure) => erasure.ticketIds);
      if (ticketIds.length === 0) return;
      for (const connector of connectors) await connector.erase?.({ ticketIds });
    },
    async engine(news, signal) {
      if (engine === null || news.every(({ examples }) => examples === 0)) return;
      // Training without them may take minutes.
      await raceSignal({ work: engine.dropTraces(), signal });
    },
    store: (_news, signal) => store.compact(signal),
  };

  const runSteps = async ({ compacts, signal }: { compacts: boolean; signal: AbortSignal }) => {
    const wanted: (keyof Mark)[] = ['connectors'];
    if (engine !== null) wanted.push('engine');
    if (compacts && store.kind === 'embedded') wanted.push('store');
    const failures: unknown[] = [];
    for (const kind of wanted) {
      try {
        signal.throwIfAborted();
        const mark = await readMark(file);
        const news = await findNews(mark[kind]);
        const newest = news.at(-1);
        if (newest === undefined) continue;
        await steps[kind](news, signal);
        await makePrivateFolder(dataDir);
        await replacePrivateFile(file, JSON.stringify({ ...mark, [kind]: { id: newest.id, at: newest.at } }));
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };

  // One run after the other: they share the mark.
  let running: Promise<void> = Promise.resolve();
  return {
    run({ compacts, signal = new AbortController().signal }) {
      const run = running.catch(() => {}).then(() => runSteps({ compacts, signal }));
      running = run;
      return run;
    },
    async waitingSince() {
      if (store.kind !== 'embedded') return null;
      const [oldest] = await findNews((await readMark(file)).store);
      return oldest === undefined ? null : new Date(oldest.at);
    },
  };
}

async function readMark(file: string): Promise<Mark> {
  try {
    return markSchema.catch(nothingReached).parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return nothingReached; // not there yet, or damaged: everything is done again
  }
}
