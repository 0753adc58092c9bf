import { codeOf } from '../base/safe-error.ts';
import { StoreUnavailableError, SwitchboardError } from '../errors.ts';

/** The database refused a statement; `sqlState` is PostgreSQL's five-character error code. */
export class DatabaseError extends SwitchboardError {
  readonly sqlState: string;
  readonly constraint: string | null;

  constructor(options: { sqlState: string; constraint: string | null; message: string }) {
    super({ code: 'internal', message: options.message });
    this.sqlState = options.sqlState;
    this.constraint = options.constraint;
  }
}

/** True when a row with the same key is there already. */
export function isRepeatedKey(error: unknown): boolean {
  return error instanceof DatabaseError && error.sqlState === UNIQUE_VIOLATION;
}

/** True when PostgreSQL has ended one of two transactions that waited for each other: the same again works. */
export function isDeadlock(error: unknown): boolean {
  return error instanceof DatabaseError && error.sqlState === DEADLOCK;
}

const UNIQUE_VIOLATION = '23505';
const DEADLOCK = '40P01';
/** Classes of SQLSTATE that mean "not now" and not "wrong statement": connection, resources, operator, I/O. */
const unavailableClasses = new Set(['08', '53', '57', '58']);
/** They mean the same: a transaction was idle for too long; a right to tables or files is lacking. */
const IDLE_IN_TRANSACTION = '25P03';
const NO_RIGHT = '42501';
const isSqlState = (code: string) => /^[0-9A-Z]{5}$/.test(code);

/**
 * Turns a driver's error into the error that the store throws. Drivers put the statement's values, which hold ticket
 * text, into message and cause, so neither is kept.
 */
export function mapDatabaseError(error: unknown, location: string): unknown {
  if (error instanceof SwitchboardError) return error;
  const code = codeOf(error);
  if (code === null) {
    // The driver's own errors (time-outs, lost connections) are plain Errors; a bug of ours is a TypeError or similar.
    const isQuery = error instanceof Error && 'params' in error && 'query' in error;
    const source = isQuery ? error.cause : error;
    if (source instanceof Error && source.constructor === Error) return unavailable(location, 'the connection failed');
    // drizzle's error for a failed query lists the query's values in its message.
    return isQuery
      ? new SwitchboardError({ code: 'internal', message: 'A statement failed in the database driver.' })
      : error;
  }
  if (isSqlState(code)) {
    if (unavailableClasses.has(code.slice(0, 2)) || code === IDLE_IN_TRANSACTION || code === NO_RIGHT)
      return unavailable(location, `PostgreSQL error ${code}`);
    const constraint = constraintOf(error);
    return new DatabaseError({
      sqlState: code,
      constraint,
      message: `The database at ${location} refused a statement (${code}${constraint === null ? '' : `, ${constraint}`}).`,
    });
  }
  if (code.startsWith('ERR_')) return error;
  return unavailable(location, code);
}

/** Runs `run` and maps the errors that it throws. */
export type Guard = <T>(run: () => Promise<T>) => Promise<T>;

export function createGuard(location: string): Guard {
  return async (run) => {
    try {
      return await run();
    } catch (error) {
      throw mapDatabaseError(error, location);
    }
  };
}

function unavailable(location: string, found: string): StoreUnavailableError {
  return new StoreUnavailableError({
    message: `The database at ${location} cannot be used now (${found}). ${cureOf(found)}`,
  });
}

function cureOf(found: string): string {
  if (found.endsWith('53100') || found === 'ENOSPC') return 'Its disk is full: make room.';
  if (found.endsWith(NO_RIGHT)) return 'This account lacks a right to its tables or files: grant it.';
  return 'Check that it runs and has room.';
}

function constraintOf(error: unknown): string | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('constraint' in at && typeof at.constraint === 'string') return at.constraint;
  }
  return null;
}
