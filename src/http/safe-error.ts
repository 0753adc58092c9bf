import { SwitchboardError } from '../errors.ts';

export type SafeError = {
  readonly name: string;
  readonly code?: string;
  readonly message?: string;
  readonly stack?: readonly string[];
  readonly cause?: SafeError;
};

/** Errors of the language itself name variables and types, not values. */
const languageErrors = [TypeError, ReferenceError, RangeError];

/**
 * An error as the log may hold it. Messages of drivers and parsers quote what they were given, which may be the text
 * of a ticket, so only our own and those of the language are kept; of the others, the name, the code and where it
 * happened.
 */
export function mapErrorForLog(error: unknown, depth = 0): SafeError {
  if (!(error instanceof Error)) return { name: typeof error };
  const code: unknown = Reflect.get(error, 'code');
  return {
    name: error.name,
    ...(typeof code === 'string' && { code }),
    ...(languageErrors.some((kind) => error instanceof kind) && { message: error.message }),
    ...(error instanceof SwitchboardError
      ? { message: error.message }
      : {
          stack: (error.stack ?? '')
            .split('\n')
            .filter((line) => /^\s+at /.test(line))
            .map((line) => line.trim()),
        }),
    ...(error.cause !== undefined && depth < 3 && { cause: mapErrorForLog(error.cause, depth + 1) }),
  };
}
