// What may be shown of an error: messages of drivers and parsers may quote the text of a ticket.
import { SwitchboardError } from '../errors.ts';

export type SafeError = {
  readonly name: string;
  readonly code?: string;
  readonly message?: string;
  readonly stack?: readonly string[];
  readonly cause?: SafeError;
};

/** Messages of these errors name variables and types, not values. */
const languageErrors = [TypeError, ReferenceError, RangeError];

/**
 * Returns the parts of an error that may be logged. Only messages of our own errors and of JavaScript's are kept:
 * others may quote the text of a ticket, so only their name, code and stack are kept.
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

/** Explains why a step failed. Only messages of our own errors are shown: others may quote the text of a ticket. */
export function explainFailure(error: unknown): string {
  if (error instanceof SwitchboardError) return error.message;
  return `an internal error (${error instanceof Error ? error.name : typeof error})`;
}

/**
 * Returns the first `code` of an error or its causes: a SQLSTATE or a code of Node (`ECONNREFUSED`); null without one.
 */
export function codeOf(error: unknown): string | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return null;
}
