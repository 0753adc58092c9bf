// Every error that a caller may act on. `http`, `cli` and `worker` choose the HTTP status, the exit code or the retry
// from `code`; nothing recognises an error by its text.

export type ErrorCode =
  | 'invalid-configuration'
  | 'invalid-input'
  | 'usage'
  | 'conflict'
  | 'not-found'
  | 'forbidden'
  | 'busy'
  | 'wrong-signature'
  | 'store-locked'
  | 'store-unavailable'
  | 'classifier-failed'
  | 'classifier-unavailable'
  | 'no-engine'
  | 'connector-failed'
  | 'deadline-passed'
  | 'gate-missed'
  | 'dataset-wrong'
  | 'run-incomplete'
  | 'internal';

/** Base of all errors that Switchboard throws: `code` is the kind, the message says what was found and what to do. */
export class SwitchboardError extends Error {
  readonly code: ErrorCode;

  constructor(options: { code: ErrorCode; message: string; cause?: unknown }) {
    super(options.message, { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
  }
}

/** One mistake in a file, or in an environment variable, that a person wrote. */
export type Problem = {
  /** Path of the file, or the name of another source: `environment variable SWITCHBOARD_TEAMS`, `command line`. */
  readonly file: string;
  /** Counted from 1; null when it is not known. */
  readonly line: number | null;
  /** What was found and where, for example `teams[2].id: "billing" is used twice`. */
  readonly message: string;
  /** What to do about it. */
  readonly cure: string;
};

/** One line for people: `switchboard.yaml:3: server.port is 99999. The limit is 65535.` */
export function formatProblem(problem: Problem): string {
  const where = problem.line === null ? problem.file : `${problem.file}:${problem.line}`;
  return `${where}: ${problem.message}. ${problem.cure}`;
}

/** The configuration, the taxonomy or example files are wrong; `problems` lists every mistake. */
export class ConfigurationError extends SwitchboardError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super({
      code: 'invalid-configuration',
      message: `${count} found:\n${problems.map((p) => `  ${formatProblem(p)}`).join('\n')}`,
    });
    this.problems = problems;
  }
}

/** A ticket, a request body or a line of a data set does not have the right shape. */
export class InputError extends SwitchboardError {
  /** `path` is where in the input, for example `examples[3].id`. */
  readonly issues: readonly { readonly path: string; readonly message: string }[];

  constructor(options: { message: string; issues?: readonly { path: string; message: string }[]; cause?: unknown }) {
    super({ code: 'invalid-input', message: options.message, cause: options.cause });
    this.issues = options.issues ?? [];
  }
}

/** The command line is wrong: options that exclude each other, a value out of range, a missing file. */
export class UsageError extends SwitchboardError {
  constructor(message: string) {
    super({ code: 'usage', message });
  }
}

/** The request contradicts what is stored: the same ticket id with other content, or something that was done already. */
export class ConflictError extends SwitchboardError {
  constructor(message: string) {
    super({ code: 'conflict', message });
  }
}

/** There is no ticket, example, feedback or run of that id. */
export class NotFoundError extends SwitchboardError {
  constructor(message: string) {
    super({ code: 'not-found', message });
  }
}

/** Who asks may not do this; the message says who may. */
export class ForbiddenError extends SwitchboardError {
  constructor(message: string) {
    super({ code: 'forbidden', message });
  }
}

/** A webhook is not from the helpdesk that it claims to be from, or too old. */
export class SignatureError extends SwitchboardError {
  constructor(message: string) {
    super({ code: 'wrong-signature', message });
  }
}

/** Another process has the embedded store open, which only one process can at a time. */
export class StoreLockedError extends SwitchboardError {
  readonly dataDir: string;
  /** Where the other process serves HTTP; null when it does not, or not yet. */
  readonly ownerUrl: string | null;

  constructor(options: {
    dataDir: string;
    /** Null where it does not say who it is. `startingUrl`: what it will serve. */
    owner: { readonly pid: number; readonly url: string | null; readonly startingUrl: string | null } | null;
  }) {
    const { dataDir, owner } = options;
    const isStarting = owner !== null && owner.url === null && owner.startingUrl !== null;
    const by =
      owner === null
        ? ''
        : isStarting
          ? ` by process ${owner.pid}, which is starting and will serve ${owner.startingUrl}`
          : ` by process ${owner.pid}${owner.url === null ? '' : `, serving ${owner.url}`}`;
    const first = isStarting ? 'Wait for that URL, stop that process,' : 'Stop that process, use its URL,';
    super({
      code: 'store-locked',
      message:
        `The data folder ${dataDir} is in use${by}. ` +
        `${first} choose another folder with --data, or set DATABASE_URL to share a PostgreSQL.`,
    });
    this.dataDir = dataDir;
    this.ownerUrl = owner?.url ?? null;
  }
}

/** The database cannot be opened or reached. */
export class StoreUnavailableError extends SwitchboardError {
  constructor(options: { message: string; cause?: unknown }) {
    super({ code: 'store-unavailable', ...options });
  }
}

/** An engine returned no classification. `retryable` says whether the same call may work later. */
export class ClassifierError extends SwitchboardError {
  readonly classifier: string;
  readonly retryable: boolean;
  /** The engine does not work for any ticket now; the ticket of this call is not the cause. */
  readonly unavailable: boolean;

  constructor(options: {
    classifier: string;
    retryable: boolean;
    unavailable?: boolean;
    message: string;
    cause?: unknown;
  }) {
    const { unavailable = false, message, cause } = options;
    super({ code: unavailable ? 'classifier-unavailable' : 'classifier-failed', message, cause });
    this.classifier = options.classifier;
    this.retryable = options.retryable;
    this.unavailable = unavailable;
  }
}

/** A helpdesk, or another destination of deliveries, refused or failed. `retryable` says whether it may work later. */
export class ConnectorError extends SwitchboardError {
  readonly connector: string;
  readonly status: number | null;
  readonly retryable: boolean;
  /** The helpdesk does nothing for us now, whatever the ticket: it is away, refuses the key, or asks for a pause. */
  readonly unavailable: boolean;
  /** How long the helpdesk asks to wait, in milliseconds; null when it does not say. */
  readonly retryInMs: number | null;

  constructor(options: {
    connector: string;
    status?: number;
    retryable: boolean;
    unavailable?: boolean;
    retryInMs?: number;
    message: string;
    cause?: unknown;
  }) {
    super({ code: 'connector-failed', message: options.message, cause: options.cause });
    this.connector = options.connector;
    this.status = options.status ?? null;
    this.retryable = options.retryable;
    this.unavailable = options.unavailable ?? false;
    this.retryInMs = options.retryInMs ?? null;
  }
}
