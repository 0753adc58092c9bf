import { versionOf } from '../base/hash.ts';
import type { Example } from '../classifiers/retrieval/example-index.ts';
import type { Store } from '../store/store.ts';

export type Teacher = {
  /** Never rejects: what is stored is learned at the next start at the latest. */
  learn(examples: readonly Example[]): Promise<void>;
  close(): Promise<void>;
};

/**
 * An example is stamped when it is written and seen when its transaction commits, by a clock that may not be ours: each
 * look reaches back this much further than the one before.
 */
const LOOK_BACK_MS = 10 * 60_000;

/**
 * Teaches the engine of this process what is corrected and imported, here or in another process on the same database.
 * What is removed is forgotten at the next start.
 */
export async function createTeacher(options: {
  store: Pick<Store, 'examples' | 'onExamples'>;
  /** What the engine has learned already, read at `knownAt`. */
  known: readonly Example[];
  knownAt: Date;
  learn: (examples: readonly Example[]) => Promise<void>;
  onError: (error: unknown) => void;
}): Promise<Teacher> {
  const { store, known, knownAt, onError } = options;
  const learned = new Map(known.map((example) => [example.id, hashOf(example)]));
  let lookedAt = knownAt;
  let closed = false;

  // An engine that closes in the middle is no fault: the next start learns the rest.
  const report = (error: unknown) => {
    if (!closed) onError(error);
  };
  const learnNew = async (examples: readonly Example[]) => {
    const news = examples.filter((example) => learned.get(example.id) !== hashOf(example));
    if (news.length === 0) return;
    for (const example of news) learned.set(example.id, hashOf(example));
    try {
      await options.learn(news);
    } catch (error) {
      for (const { id } of news) learned.delete(id);
      report(error);
    }
  };
  // One after the other: whoever asks for what another one is just learning waits for it.
  let learning = Promise.resolve();
  const learn = (examples: readonly Example[]) => {
    learning = learning.then(() => learnNew(examples));
    return learning;
  };
  const look = async () => {
    const now = new Date();
    try {
      const found = await store.examples.changedSince(new Date(lookedAt.getTime() - LOOK_BACK_MS));
      lookedAt = now;
      await learn(found.map(({ example }) => example));
    } catch (error) {
      report(error);
    }
  };

  const stopListening = await store.onExamples(() => void look());
  // What was written while the engine was trained.
  await look();
  return {
    learn,
    close: async () => {
      closed = true;
      await stopListening();
    },
  };
}

function hashOf({ intent, subject, body }: Example): string {
  return versionOf([intent, subject, body], 64);
}
