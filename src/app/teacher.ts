import { versionOf } from '../base/hash.ts';
import { mapSteps, runStepsInTurns } from '../base/steps.ts';
import type { TaughtExample } from '../classifiers/local/protocol.ts';
import type { Store, StoredExample } from '../store/store.ts';

export type Teacher = {
  /** Brings the engine up to date with the examples that are stored now. Throws when the engine or the store fails. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
};

/**
 * An example gets its time when it is written, from a clock that may differ from ours, and can be read only after its
 * transaction has committed. So each read also covers this much time before the read before it.
 */
const LOOK_BACK_MS = 10 * 60_000;

/**
 * Keeps the engine of this process up to date with the stored examples: it learns what is corrected, imported or approved,
 * and forgets what is removed, by this process or another on the same database.
 */
export async function createTeacher(options: {
  store: Pick<Store, 'examples' | 'onExamples'>;
  /** The examples that the engine was built with, read from the store at `knownAt`. */
  known: readonly StoredExample[];
  knownAt: Date;
  /** Replaces a former id of the example's intent by today's; null when the engine cannot learn it. */
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
    const hashed = await runStepsInTurns(mapSteps(examples, (stored) => ({ stored, hash: hashOf(stored) })));
    const news = hashed.filter(({ stored, hash }) => taught.get(stored.example.id) !== hash);
    if (news.length === 0) return;
    await options.teach(news.map(({ stored }) => ({ example: stored.example, quotable: isOwnExample(stored) })));
    for (const { stored, hash } of news) taught.set(stored.example.id, hash);
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
    // Set only now: when teaching fails, the next read finds the same examples again.
    lookedAt = now;
  };
  // One read after another. At most one waits, because it also finds what is stored until it begins.
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
      // No error when the engine was closed meanwhile: the next start learns the rest.
      if (!closed) onError(error);
    });

  const stopListening = await store.onExamples(() => void lookAgain());
  // Examples may have been stored while the engine was trained.
  await lookAgain();
  return {
    catchUp,
    async close() {
      closed = true;
      await stopListening();
    },
  };
}

/** Whether an example is from the company's own files. Only those are quoted; others may have a customer's words. */
export function isOwnExample({ source }: StoredExample): boolean {
  return source === 'file';
}

function hashOf(stored: StoredExample): string {
  const { intent, subject, body } = stored.example;
  return versionOf([intent, subject, body, isOwnExample(stored)], 64);
}
