import { versionOf } from '../base/hash.ts';
import type { TaughtExample } from '../classifiers/local/protocol.ts';
import type { Store, StoredExample } from '../store/store.ts';

export type Teacher = {
  /** Resolves when the engine has learned and forgotten all that is stored now; rejects where it could not. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
};

/**
 * An example is stamped when it is written and seen when its transaction commits, by a clock that may not be ours: each
 * look reaches back this much further than the one before.
 */
const LOOK_BACK_MS = 10 * 60_000;

/**
 * Keeps the engine of this process at what is stored: it is taught what is corrected, imported or approved, and forgets
 * what is removed, here or in another process on the same database.
 */
export async function createTeacher(options: {
  store: Pick<Store, 'examples' | 'onExamples'>;
  /** What the engine was taught at its start, read at `knownAt`. */
  known: readonly StoredExample[];
  knownAt: Date;
  /** Under the id that its intent has today; null when the engine cannot learn it. */
  present: (stored: StoredExample) => StoredExample | null;
  teach: (examples: readonly TaughtExample[]) => Promise<void>;
  forget: (ids: readonly string[]) => Promise<void>;
  onError: (error: unknown) => void;
}): Promise<Teacher> {
  const { store, known, knownAt, onError } = options;
  const taught = new Map(known.map((stored) => [stored.example.id, hashOf(stored)]));
  let lookedAt = knownAt;
  let closed = false;

  const teach = async (examples: readonly StoredExample[]) => {
    const news = examples.filter((stored) => taught.get(stored.example.id) !== hashOf(stored));
    if (news.length === 0) return;
    await options.teach(news.map((stored) => ({ example: stored.example, quotable: isOwnExample(stored) })));
    for (const stored of news) taught.set(stored.example.id, hashOf(stored));
  };
  const forget = async (ids: readonly string[]) => {
    const gone = ids.filter((id) => taught.has(id));
    if (gone.length === 0) return;
    await options.forget(gone);
    for (const id of gone) taught.delete(id);
  };
  const look = async () => {
    const now = new Date();
    const found = await store.examples.changedSince(new Date(lookedAt.getTime() - LOOK_BACK_MS));
    await forget(found.filter(({ state }) => state === 'removed').map(({ example }) => example.id));
    await teach(found.filter(({ state }) => state === 'active').flatMap((stored) => options.present(stored) ?? []));
    // What could not be taught now is seen again by the next look.
    lookedAt = now;
  };
  // One look after the other, and no more than one that waits: it sees whatever comes until it begins.
  let looking: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | null = null;
  const catchUp = () => {
    waiting ??= looking
      .catch(() => {})
      .then(() => {
        waiting = null;
        looking = look();
        return looking;
      });
    return waiting;
  };
  const lookAgain = () =>
    catchUp().catch((error: unknown) => {
      // An engine that closes in the middle is no fault: the next start learns the rest.
      if (!closed) onError(error);
    });

  const stopListening = await store.onExamples(() => void lookAgain());
  // What was written while the engine was trained.
  await lookAgain();
  return {
    catchUp,
    async close() {
      closed = true;
      await stopListening();
    },
  };
}

/** Whether these are the company's own words, and not a customer's. */
export function isOwnExample({ source }: StoredExample): boolean {
  return source === 'file';
}

function hashOf(stored: StoredExample): string {
  const { intent, subject, body } = stored.example;
  return versionOf([intent, subject, body, isOwnExample(stored)], 64);
}
