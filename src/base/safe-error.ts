// What may be said of an error: drivers and parsers quote what they were given, which may be the text of a ticket.
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

/** Why a step failed, for people. Only our own errors speak: the message of another may hold words of a ticket. */
export function explainFailure(error: unknown): string {
  if (error instanceof SwitchboardError) return error.message;
  return `an internal error (${error instanceof Error ? error.name : typeof error})`;
}

/** The first `code` of an error and its causes: a SQLSTATE or one of Node's (`ECONNREFUSED`); null without one. */
export function codeOf(error: unknown): string | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return null;
}
