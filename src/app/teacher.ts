import { versionOf } from '../base/hash.ts';
import type { TaughtExample } from '../classifiers/local/protocol.ts';
import type { Example } from '../classifiers/retrieval/example-index.ts';
import type { Store, StoredExample } from '../store/store.ts';

export type Teacher = {
  /** For what was just corrected or imported. Never rejects: what is stored is learned at the next start at the latest. */
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
  /** What the engine was taught at its start, read at `knownAt`. */
  known: readonly StoredExample[];
  knownAt: Date;
  teach: (examples: readonly (TaughtExample & { readonly example: Example })[]) => Promise<void>;
  onError: (error: unknown) => void;
}): Promise<Teacher> {
  const { store, known, knownAt, onError } = options;
  const taught = new Map(known.map(asTaught).map((each) => [each.example.id, hashOf(each)]));
  let lookedAt = knownAt;
  let closed = false;

  // An engine that closes in the middle is no fault: the next start learns the rest.
  const report = (error: unknown) => {
    if (!closed) onError(error);
  };
  const teachNew = async (examples: readonly ReturnType<typeof asTaught>[]) => {
    const news = examples.filter((each) => taught.get(each.example.id) !== hashOf(each));
    if (news.length === 0) return;
    for (const each of news) taught.set(each.example.id, hashOf(each));
    try {
      await options.teach(news);
    } catch (error) {
      for (const { example } of news) taught.delete(example.id);
      report(error);
    }
  };
  // One after the other: whoever asks for what is just being taught waits for it.
  let teaching = Promise.resolve();
  const teach = (examples: readonly ReturnType<typeof asTaught>[]) => {
    teaching = teaching.then(() => teachNew(examples));
    return teaching;
  };
  const look = async () => {
    const now = new Date();
    try {
      const found = await store.examples.changedSince(new Date(lookedAt.getTime() - LOOK_BACK_MS));
      lookedAt = now;
      await teach(found.map(asTaught));
    } catch (error) {
      report(error);
    }
  };

  const stopListening = await store.onExamples(() => void look());
  // What was written while the engine was trained.
  await look();
  return {
    learn: (examples) => teach(examples.map((example) => ({ example, quotable: false }))),
    close: async () => {
      closed = true;
      await stopListening();
    },
  };
}

/** Whether these are the company's own words, and not a customer's. */
export function isOwnExample({ source }: StoredExample): boolean {
  return source === 'file';
}

function asTaught(stored: StoredExample) {
  return { example: stored.example, quotable: isOwnExample(stored) };
}

function hashOf({ example, quotable }: ReturnType<typeof asTaught>): string {
  const { intent, subject, body } = example;
  return versionOf([intent, subject, body, quotable], 64);
}
