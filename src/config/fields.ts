// Read values that may have the wrong shape without throwing, so that one mistake does not hide the others.

/** The value under a key; undefined when there is none or the value is no object. */
export function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

/** The items of a list; none when the value is no list. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The keys of an object; none when the value is no object. */
export function keys(value: unknown): string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

/** The texts under one key of all items; other values are left out. */
export function textsOf(items: readonly unknown[], key: string): string[] {
  return items.map((item) => field(item, key)).filter((text) => typeof text === 'string');
}
