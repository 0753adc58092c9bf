import { useState } from 'react';

const PREFIX = 'switchboard-draft:';

/**
 * A text that somebody types, kept in this tab until it is set to nothing: signing in again, a reload or another page in
 * between loses none of it. `name` says what it is about; use another `key` of the component for another name.
 */
export function useDraft(name: string): readonly [string, (text: string) => void] {
  const [text, setText] = useState(() => sessionStorage.getItem(PREFIX + name) ?? '');
  const keep = (next: string) => {
    setText(next);
    if (next === '') sessionStorage.removeItem(PREFIX + name);
    else sessionStorage.setItem(PREFIX + name, next);
  };
  return [text, keep];
}

/** Called at sign-out: the next person at this browser reads none of them. */
export function dropDrafts(): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  }
}
