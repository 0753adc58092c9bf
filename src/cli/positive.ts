import { UsageError } from '../errors.ts';

/** Returns a parser for the value of a flag that must be a number above 0. The parser throws `UsageError`. */
export function positive(flag: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!(value > 0)) throw new UsageError(`${flag} must be a number above 0, not "${text}".`);
    return value;
  };
}

/** Returns a parser for the value of a flag that must be a whole number above 0. The parser throws `UsageError`. */
export function positiveWhole(flag: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new UsageError(`${flag} must be a whole number above 0, not "${text}".`);
    }
    return value;
  };
}
