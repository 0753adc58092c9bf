import { useSyncExternalStore } from 'react';
import { keptInTab } from './kept-texts.ts';

const PREFIX = 'switchboard-draft:';
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const read = (name: string): string => keptInTab.get(PREFIX + name) ?? '';

function keep(name: string, text: string): void {
  if (text === '') keptInTab.remove(PREFIX + name);
  else keptInTab.set(PREFIX + name, text);
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
  for (const key of keptInTab.keys()) {
    if (key.startsWith(PREFIX)) keep(key.slice(PREFIX.length), '');
  }
}
