import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { raceSignal } from '../base/deadline.ts';
import { makePrivateFolder, replacePrivateFile } from '../base/private-files.ts';
import type { Connector } from '../connectors/connector.ts';
import type { Erasure, Store } from '../store/store.ts';

/** File of the data folder that says up to which erasure its files are clean. */
export const ERASED_FILE = 'erased.json';

/** The newest erasure that a kind of file is clean of. With `at`, it also identifies the database that it is from. */
const reachedSchema = z.object({ id: z.number().int(), at: z.string() }).nullable().catch(null);
const markSchema = z.object({ connectors: reachedSchema, engine: reachedSchema, store: reachedSchema });
type Mark = z.infer<typeof markSchema>;
const nothingReached: Mark = { connectors: null, engine: null, store: null };

/** Erasures per query. */
const PAGE = 100;

export type TraceEraser = {
  /**
   * Removes what was erased from the store from files too: those of connectors, the caches of engines, and with `compacts`
   * those of an embedded store. When a step fails, it does the others and then throws the first failure; it also throws
   * when the signal stops it. The next run continues from there.
   */
  run(options: { compacts: boolean; signal?: AbortSignal }): Promise<void>;
  /** Time of the oldest erasure that is still in the files of an embedded store; null when they are clean. */
  waitingSince(): Promise<Date | null>;
};

export function createTraceEraser(options: {
  store: Pick<Store, 'erasures' | 'compact' | 'kind'>;
  connectors: readonly Connector[];
  /** Null when other processes clean the caches of engines. */
  engine: { dropTraces(): Promise<void> } | null;
  dataDir: string;
}): TraceEraser {
  const { store, connectors, engine, dataDir } = options;
  const file = join(dataDir, ERASED_FILE);

  /** The erasures after the one that a kind of file has reached. */
  const findNews = async (reached: Mark[keyof Mark]): Promise<readonly Erasure[]> => {
    const [known] = reached === null ? [] : await store.erasures.after(reached.id - 1, 1);
    // In another database, or a new one, every erasure is news.
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
      // The engine may be trained again for this, which can take minutes: a stop does not wait for it.
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

  // One run after another, because all of them read and write the same file.
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
    return nothingReached; // there is no file yet, or it is damaged: every step is done again
  }
}
