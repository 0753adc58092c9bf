import { keptInTab } from '../../data/kept-texts.ts';

const KEY = 'switchboard-reviewer';

/**
 * Names this tab, so that after a reload it gets back what it held. A duplicated tab has the same storage: a lock, which only
 * one tab has, tells the two apart. Browsers give locks to pages over https and on this machine alone; elsewhere each load of the
 * page is a new reviewer.
 */
export async function takeReviewerId(): Promise<string> {
  const kept = keptInTab.get(KEY);
  if (kept !== null && (await holdName(kept))) return kept;
  const id = newId();
  await holdName(id);
  keptInTab.set(KEY, id);
  return id;
}

/** `crypto.randomUUID` is not there without https either. */
function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Resolves to false when another tab has the name. The lock is held for as long as the tab is open. */
function holdName(id: string): Promise<boolean> {
  if (!('locks' in navigator)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const hold = (lock: Lock | null) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise<never>(() => {});
    };
    navigator.locks.request(`${KEY}-${id}`, { ifAvailable: true }, hold).catch(() => resolve(false));
  });
}
