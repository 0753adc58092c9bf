import { UsageError } from '../errors.ts';

/** Reads the value of a flag that takes a number above 0. The reader throws `UsageError`. */
export function positive(flag: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!(value > 0)) throw new UsageError(`${flag} takes a number above 0, not "${text}".`);
    return value;
  };
}

/** Reads the value of a flag that takes a whole number above 0. The reader throws `UsageError`. */
export function positiveWhole(flag: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new UsageError(`${flag} takes a whole number above 0, not "${text}".`);
    }
    return value;
  };
}
