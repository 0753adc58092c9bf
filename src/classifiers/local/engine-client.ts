import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { sleep } from '../../base/deadline.ts';
import type { OnProgress } from '../../base/progress.ts';
import { ClassifierError } from '../../errors.ts';
import type { EncoderModel } from './encoder/weights.ts';
import { describeCrash, StartFailure } from './engine-failure.ts';
import { exampleBatches } from './example-batches.ts';
import type {
  EngineCall,
  EngineCalls,
  EngineMessage,
  EngineRequest,
  EngineState,
  OpenRequest,
  TaughtExample,
} from './protocol.ts';
import { createRestartDelays, type RestartDelays } from './restart-delays.ts';
import type { TrainingTurns } from './training-turns.ts';

const workerFile = import.meta.url.endsWith('.ts') ? './engine-worker.ts' : './engine-worker.js';

/** Calls wait for a restart that is this near; before a later one they are refused, so that the caller can do without. */
const HOLD_FOR_MS = 2_000;
/** The first start is given up after so many crashes: whoever starts the program should read why. */
const FIRST_START_TRIES = 2;

/** Loaded by the first engine of this process that needs it: the weights are the same for all, and are never written. */
let encoderModel: EncoderModel | null = null;

export type EngineStatus = { readonly ok: true } | { readonly ok: false; readonly why: string; readonly since: Date };

export type EngineClientOptions = {
  readonly open: Omit<OpenRequest, 'encoderModel'>;
  /** The examples as they are now: read at every start of the worker. */
  readonly examples: () => Iterable<TaughtExample>;
  readonly onProgress: OnProgress;
  readonly onState: (state: EngineState) => void;
  /** Called when the engine has crashed, when another start has failed, and when it is back. */
  readonly onStatus?: (status: EngineStatus) => void;
  /** Null: every process trains its own models. */
  readonly turns?: TrainingTurns | null;
  /** For tests: what runs in the worker, and the time. */
  readonly worker?: URL;
  readonly wait?: (options: { ms: number; signal: AbortSignal }) => Promise<void>;
  readonly now?: () => number;
};

type Pending = {
  readonly request: EngineRequest;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
  /** `alone`: asked again after a crash, with nothing else in hand. `waits`: for the engine to start again. */
  sent: 'together' | 'alone' | 'waits';
};

/** Whether calls go through, wait for the engine to start, or are refused. */
type Gate =
  | { readonly kind: 'open' }
  | { readonly kind: 'waiting'; readonly opened: PromiseWithResolvers<void> }
  | { readonly kind: 'refused'; readonly error: ClassifierError };

/**
 * Talks to the engine in its worker thread. A crashed worker is started again with all it knew, after growing delays
 * and as often as it takes. What was in hand at the crash is asked once more, each question alone: one that ends the
 * worker again is to blame, and the others get their answers.
 */
export class EngineClient {
  readonly #options: EngineClientOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #closing = new AbortController();
  readonly #delays: RestartDelays;
  readonly #firstStart = Promise.withResolvers<EngineState>();
  #gate: Gate = createWaitingGate();
  #status: EngineStatus = { ok: true };
  #worker: Worker;
  /** Resolves with why when the present worker has ended. */
  #ended: Promise<unknown>;
  #hasEnded = false;
  /** The question that the worker has alone, and what to call when it has dealt with it. */
  #alone: { readonly id: number; readonly done: () => void } | null = null;
  #nextId = 1;

  constructor(options: EngineClientOptions) {
    this.#options = options;
    this.#delays = createRestartDelays({ now: options.now ?? (() => performance.now()) });
    this.#firstStart.promise.catch(() => undefined); // Refused calls say the same.
    ({ worker: this.#worker, ended: this.#ended } = this.#spawn());
    void this.#live();
  }

  /** For tests that end it. */
  get worker(): Worker {
    return this.#worker;
  }

  get status(): EngineStatus {
    return this.#status;
  }

  /** Resolves when the engine has been started. Rejects with `ClassifierError` when it cannot be. */
  ready(): Promise<EngineState> {
    return this.#firstStart.promise;
  }

  async call<Call extends EngineCall>(
    call: Call,
    input: EngineCalls[Call]['input'],
    signal?: AbortSignal,
  ): Promise<EngineCalls[Call]['output']> {
    if (this.#gate.kind === 'waiting') await untilAborted(this.#gate.opened.promise, signal);
    if (this.#gate.kind === 'refused') throw this.#gate.error;
    return this.#send(call, input, signal);
  }

  async close(): Promise<void> {
    const closed = failed({ message: 'The embedded engine has been closed.', retryable: false });
    this.#firstStart.reject(closed);
    this.#refuse(closed);
    this.#closing.abort();
    this.#worker.ref(); // Or the process could end before the thread has.
    await this.#worker.terminate();
    await this.#options.turns?.giveUp();
  }

  /** Starts the engine, again and again, until it is closed or its first start has failed. */
  async #live(): Promise<void> {
    let hasStarted = false;
    for (;;) {
      const cause = await this.#runOnce(() => {
        hasStarted = true;
      });
      await this.#worker.terminate(); // After a start that failed it is still there.
      if (this.#closing.signal.aborted) return;
      const failure = failed({ message: describeCrash(cause), retryable: true, unavailable: true, cause });
      const { delayMs, inARow } = this.#delays.crashed();
      if (!hasStarted && (cause instanceof StartFailure || inARow >= FIRST_START_TRIES)) {
        this.#firstStart.reject(failure);
        this.#refuse(failure);
        return;
      }
      if (hasStarted) this.#setStatus({ ok: false, since: this.#status.ok ? new Date() : this.#status.since, failure });
      if (delayMs > HOLD_FOR_MS) this.#refuse(failure);
      await (this.#options.wait ?? sleep)({ ms: delayMs, signal: this.#closing.signal }).catch(() => undefined);
      if (this.#closing.signal.aborted) return;
      ({ worker: this.#worker, ended: this.#ended } = this.#spawn());
    }
  }

  /** From the start of the worker to its end; returns why it ended. */
  async #runOnce(onStarted: () => void): Promise<unknown> {
    try {
      const state = await this.#start();
      onStarted();
      this.#delays.ready();
      this.#options.onState(state);
      this.#firstStart.resolve(state);
      this.#setStatus({ ok: true });
      if (this.#gate.kind === 'waiting') this.#gate.opened.resolve();
      if (!this.#closing.signal.aborted) this.#gate = { kind: 'open' };
    } catch (error) {
      return error;
    }
    return this.#ended;
  }

  #spawn(): { worker: Worker; ended: Promise<unknown> } {
    // Flags of the program (--input-type, --import) are not meant for this thread, and some end it.
    const worker = new Worker(this.#options.worker ?? new URL(workerFile, import.meta.url), { execArgv: [] });
    const { promise: ended, resolve } = Promise.withResolvers<unknown>();
    let error: unknown = null;
    worker.on('message', (message: EngineMessage) => this.#receive(message));
    worker.on('error', (found) => {
      error = found;
    });
    this.#hasEnded = false;
    worker.on('exit', (code) => {
      this.#hasEnded = true;
      const cause = error ?? new Error(`exit code ${code}`);
      this.#sortOut(cause);
      resolve(cause);
    });
    worker.unref(); // An idle engine does not keep the process alive; a question that waits does.
    return { worker, ended };
  }

  /** Gives the worker all it has to know, and asks again what was in hand when the one before ended. */
  async #start(): Promise<EngineState> {
    await this.#send('open', { ...this.#options.open, encoderModel });
    for (const examples of exampleBatches(this.#options.examples())) {
      await this.#send('add', { examples });
      await setImmediate(); // Other work of the main thread comes between two batches.
    }
    const state = await this.#send('start', null);
    const waiting = [...this.#pending.values()].filter(({ sent }) => sent === 'waits');
    for (const pending of waiting.filter(({ request }) => isQuestion(request))) await this.#askAlone(pending);
    for (const pending of waiting.filter(({ request }) => !isQuestion(request))) {
      pending.sent = 'together';
      this.#worker.postMessage(pending.request);
    }
    return state;
  }

  /** Resolves when the worker has dealt with the question; rejects when that ended the worker. */
  async #askAlone(pending: Pending): Promise<void> {
    const { id } = pending.request;
    if (!this.#pending.has(id)) return; // Given up meanwhile.
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#alone = { id, done: resolve };
    pending.sent = 'alone';
    this.#worker.postMessage(pending.request);
    await Promise.race([promise, this.#ended.then((cause) => Promise.reject(cause))]);
    this.#alone = null;
  }

  #send<Call extends EngineCall>(
    call: Call,
    input: EngineCalls[Call]['input'],
    signal?: AbortSignal,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<EngineCalls[Call]['output']> {
    const request = toRequest(this.#nextId++, call, input);
    const answered = new Promise<EngineCalls[Call]['output']>((resolve, reject) => {
      const pending = { request, resolve: (output: unknown) => resolve(toOutput<Call>(output)), reject };
      this.#pending.set(request.id, { ...pending, sent: 'together' });
      this.#worker.ref();
      this.#worker.postMessage(request, transfer);
    });
    return untilAborted(answered, signal).finally(() => this.#settle(request.id));
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0 && !this.#closing.signal.aborted) this.#worker.unref();
    return pending;
  }

  #receive(message: EngineMessage): void {
    switch (message.kind) {
      case 'answer':
        this.#settle(message.id)?.resolve(message.output);
        break;
      case 'failure': {
        const pending = this.#settle(message.id);
        const isStart = pending !== undefined && isSetUp(pending.request);
        pending?.reject(
          isStart
            ? new StartFailure(message.message)
            : failed({ message: `The embedded engine could not answer: ${message.message}.`, retryable: false }),
        );
        break;
      }
      case 'progress':
        this.#options.onProgress({ step: message.step, done: message.done, total: message.total });
        return;
      case 'state':
        this.#options.onState(message.state);
        return;
      case 'encoder-loaded':
        encoderModel = message.model;
        return;
      case 'model-wanted':
        void this.#provideModel(message.key);
        return;
      case 'model-trained':
        void this.#options.turns?.finish(message.key, message.bytes);
        return;
      default:
        message satisfies never;
    }
    if (this.#alone?.id === message.id) this.#alone.done();
  }

  async #provideModel(key: string): Promise<void> {
    const worker = this.#worker;
    const bytes = (await this.#options.turns?.claim(key)) ?? null;
    // Whoever asked may have ended meanwhile, and its turn with it; the next worker asks again.
    if (worker !== this.#worker || this.#hasEnded) return;
    await this.#send('model', { key, bytes }, undefined, bytes === null ? [] : [bytes]).catch(() => undefined);
  }

  /** The worker has ended: what was in hand waits for the next one, but for a question that was alone in hand. */
  #sortOut(cause: unknown): void {
    this.#alone = null;
    void this.#options.turns?.giveUp();
    if (this.#gate.kind === 'open') this.#gate = createWaitingGate();
    for (const pending of [...this.#pending.values()]) {
      const { request } = pending;
      if (isSetUp(request)) this.#settle(request.id)?.reject(asError(cause));
      else if (pending.sent !== 'alone') pending.sent = 'waits';
      else {
        const message = 'The embedded engine crashed on this ticket twice.';
        this.#settle(request.id)?.reject(failed({ message, retryable: false, cause }));
      }
    }
  }

  /** Rejects whatever waits, and every call until the engine is back. */
  #refuse(error: ClassifierError): void {
    if (this.#closing.signal.aborted) return;
    if (this.#gate.kind === 'waiting') this.#gate.opened.reject(error);
    this.#gate = { kind: 'refused', error };
    for (const { request } of [...this.#pending.values()]) this.#settle(request.id)?.reject(error);
  }

  #setStatus(status: { ok: true } | { ok: false; since: Date; failure: ClassifierError }): void {
    if (status.ok && this.#status.ok) return;
    this.#status = status.ok ? status : { ok: false, since: status.since, why: status.failure.message };
    this.#options.onStatus?.(this.#status);
  }
}

const setUpCalls: ReadonlySet<EngineCall> = new Set(['open', 'add', 'start', 'model']);
const isSetUp = ({ call }: EngineRequest) => setUpCalls.has(call);
const isQuestion = ({ call }: EngineRequest) => call === 'classify' || call === 'search' || call === 'encode';

function createWaitingGate(): Gate {
  const opened = Promise.withResolvers<void>();
  opened.promise.catch(() => undefined); // Rejected when nobody may be waiting.
  return { kind: 'waiting', opened };
}

function failed(options: {
  message: string;
  retryable: boolean;
  unavailable?: boolean;
  cause?: unknown;
}): ClassifierError {
  return new ClassifierError({ classifier: 'local', ...options });
}

const asError = (cause: unknown) => (cause instanceof Error ? cause : new Error(String(cause)));

/** Waits for the work, or rejects as soon as the signal says so. */
function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const message = 'The embedded engine was stopped before it had a result.';
    const onAbort = () => reject(failed({ message, retryable: true, cause: signal.reason }));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** TypeScript cannot see that call and input belong together once both are generic; the signature of `call` ensures it. */
function toRequest<Call extends EngineCall>(id: number, call: Call, input: EngineCalls[Call]['input']): EngineRequest {
  return { id, call, input } as unknown as EngineRequest;
}

/** The worker returns the output that `EngineCalls` names for each call. */
function toOutput<Call extends EngineCall>(output: unknown): EngineCalls[Call]['output'] {
  return output as EngineCalls[Call]['output'];
}
