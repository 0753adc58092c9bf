import { useSyncExternalStore } from 'react';

const PREFIX = 'switchboard-draft:';
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const read = (name: string): string => sessionStorage.getItem(PREFIX + name) ?? '';

function keep(name: string, text: string): void {
  if (text === '') sessionStorage.removeItem(PREFIX + name);
  else sessionStorage.setItem(PREFIX + name, text);
  for (const listener of listeners) listener();
}

/** A new text, or what becomes of the one that is kept now. */
type NextText = string | ((text: string) => string);

/**
 * A text that somebody types, kept in this tab until it is set to nothing: signing in again, a reload or another page in
 * between loses none of it. `name` says what it is about. It can also be set when the component is gone.
 */
export function useDraft(name: string): readonly [string, (next: NextText) => void] {
  const text = useSyncExternalStore(subscribe, () => read(name));
  return [text, (next) => keep(name, typeof next === 'string' ? next : next(read(name)))];
}

/** Called at sign-out: the next person at this browser reads none of them. */
export function dropDrafts(): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) keep(key.slice(PREFIX.length), '');
  }
}
