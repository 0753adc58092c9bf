// Reading values whose shape is not known to be right, so that one mistake does not hide the others.

export function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function keys(value: unknown): string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

/** The texts under a key of each item. */
export function textsOf(items: readonly unknown[], key: string): string[] {
  return items.map((item) => field(item, key)).filter((text) => typeof text === 'string');
}
