// What a browser keeps for the page. It may forbid that, or have no room: then it is kept until the page is left.

export type KeptTexts = {
  get(key: string): string | null;
  set(key: string, text: string): void;
  remove(key: string): void;
  keys(): string[];
};

/** In this tab. */
export const keptInTab = createKeptTexts(() => sessionStorage);
/** In this browser. */
export const keptInBrowser = createKeptTexts(() => localStorage);

/** `open` throws where the browser forbids storage. */
export function createKeptTexts(open: () => Storage): KeptTexts {
  /** What could not be stored; null where it could not be removed. */
  const unstored = new Map<string, string | null>();
  const attempt = <Result>(use: (storage: Storage) => Result, otherwise: Result): Result => {
    try {
      return use(open());
    } catch {
      return otherwise;
    }
  };
  const change = (key: string, text: string | null, use: (storage: Storage) => void) => {
    unstored.set(key, text);
    attempt((storage) => {
      use(storage);
      unstored.delete(key);
    }, undefined);
  };
  return {
    get: (key) => unstored.get(key) ?? (unstored.has(key) ? null : attempt((storage) => storage.getItem(key), null)),
    set: (key, text) => change(key, text, (storage) => storage.setItem(key, text)),
    remove: (key) => change(key, null, (storage) => storage.removeItem(key)),
    keys: () => [...new Set([...unstored.keys(), ...attempt((storage) => Object.keys(storage), [])])],
  };
}
