import { setImmediate } from 'node:timers/promises';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { sleep } from '../../base/deadline.ts';
import type { OnProgress } from '../../base/progress.ts';
import { threadLimits } from '../../base/return-memory.ts';
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

/** Calls wait for a restart within this time. Before a later one they are refused, so that the caller need not wait. */
const HOLD_FOR_MS = 2_000;
/**
 * After this many crashes at the first start, the engine is not started again: the person who started it sees the
 * error.
 */
const FIRST_START_TRIES = 2;

/** Loaded by the first engine of this process that needs it, and shared: the weights are read only. */
let encoderModel: EncoderModel | null = null;

export type EngineStatus = { readonly ok: true } | { readonly ok: false; readonly why: string; readonly since: Date };

export type EngineClientOptions = {
  readonly open: Omit<OpenRequest, 'encoderModel' | 'searchPort'>;
  /** Returns the current examples; called at every start of the worker. */
  readonly examples: () => Iterable<TaughtExample>;
  readonly onProgress: OnProgress;
  readonly onState: (state: EngineState) => void;
  /** Called when the engine crashes, when a restart fails, and when it works again. */
  readonly onStatus?: (status: EngineStatus) => void;
  /** With null, every process trains its own models. */
  readonly turns?: TrainingTurns | null;
  /** For tests: the file that runs in the worker, and the clock. */
  readonly worker?: URL;
  readonly wait?: (options: { ms: number; signal: AbortSignal }) => Promise<void>;
  readonly now?: () => number;
};

type Pending = {
  readonly request: EngineRequest;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
  /** `alone`: sent again after a crash, with no other call at the same time. `waits`: for the restart of the engine. */
  sent: 'together' | 'alone' | 'waits';
};

/** Whether calls are sent, wait for the engine to start, or are refused. */
type Gate =
  | { readonly kind: 'open' }
  | { readonly kind: 'waiting'; readonly opened: PromiseWithResolvers<void> }
  | { readonly kind: 'refused'; readonly error: ClassifierError };

/**
 * Calls the engine in its worker thread. A crashed worker is started again with all its examples, after growing delays
 * and without a limit. Calls that were pending at the crash are sent once more. Of these, calls that only read are sent
 * one at a time: one that crashes the worker again is rejected as the cause, and the others get their answers.
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
  /** To the search thread of the current worker. */
  #searchPort: MessagePort | null = null;
  /** Resolves with the cause when the current worker has ended. */
  #ended: Promise<unknown>;
  #hasEnded = false;
  #trainer: number | null = null;
  /** The call that was sent alone, and what to call when the worker has answered it. */
  #alone: { readonly id: number; readonly done: () => void } | null = null;
  #nextId = 1;

  constructor(options: EngineClientOptions) {
    this.#options = options;
    this.#delays = createRestartDelays({ now: options.now ?? (() => performance.now()) });
    this.#firstStart.promise.catch(() => undefined); // Refused calls reject with the same error.
    ({ worker: this.#worker, ended: this.#ended } = this.#spawn());
    void this.#keepRunning();
  }

  /** For tests that terminate it. */
  get worker(): Worker {
    return this.#worker;
  }

  get status(): EngineStatus {
    return this.#status;
  }

  /** Resolves when the engine has started. Rejects with `ClassifierError` when it cannot be started. */
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
    // Unavailable: a job that is still running is not to blame, and is worked on after the next start.
    const closed = failed({ message: 'The embedded engine has been closed.', retryable: true, unavailable: true });
    this.#firstStart.reject(closed);
    this.#refuse(closed);
    this.#closing.abort();
    this.#worker.ref(); // Otherwise the process could end before the thread.
    await this.#worker.terminate();
    await this.#options.turns?.giveUp();
  }

  /** Starts the engine, and again after each crash, until it is closed or its first start has failed. */
  async #keepRunning(): Promise<void> {
    let hasStarted = false;
    for (;;) {
      const cause = await this.#runOnce(() => {
        hasStarted = true;
      });
      await this.#worker.terminate(); // After a failed start the thread still exists.
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

  /** Runs the worker from its start to its end. Returns the cause of the end. */
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
    // Flags of the program (--input-type, --import) are not meant for this thread, and some would crash it.
    const worker = new Worker(this.#options.worker ?? new URL(workerFile, import.meta.url), {
      execArgv: [],
      resourceLimits: threadLimits,
    });
    const { promise: ended, resolve } = Promise.withResolvers<unknown>();
    let error: unknown = null;
    worker.on('message', (message: EngineMessage) => this.#receive(message));
    worker.on('error', (found) => {
      error = found;
    });
    this.#hasEnded = false;
    worker.on('exit', (code) => {
      this.#hasEnded = true;
      this.#searchPort?.close();
      if (this.#trainer !== null) endProcess(this.#trainer);
      this.#trainer = null;
      const cause = error ?? new Error(`exit code ${code}`);
      this.#handleEnd(cause);
      resolve(cause);
    });
    worker.unref(); // An idle engine does not keep the process alive; a pending call does.
    return { worker, ended };
  }

  /** Sends settings and examples to the worker, then the calls that were pending when the previous worker ended. */
  async #start(): Promise<EngineState> {
    const { port1, port2: searchPort } = new MessageChannel();
    port1.on('message', (message: EngineMessage) => this.#receive(message));
    port1.unref(); // A pending call keeps the process alive by the worker.
    this.#searchPort = port1;
    await this.#send('open', { ...this.#options.open, encoderModel, searchPort }, undefined, [searchPort]);
    for (const examples of exampleBatches(this.#options.examples())) {
      await this.#send('add', { examples });
      await setImmediate(); // Lets the main thread do other work between two batches.
    }
    const state = await this.#send('start', null);
    const waiting = [...this.#pending.values()].filter(({ sent }) => sent === 'waits');
    for (const pending of waiting.filter(({ request }) => isReadCall(request))) await this.#sendAlone(pending);
    for (const pending of waiting.filter(({ request }) => !isReadCall(request))) {
      pending.sent = 'together';
      this.#post(pending.request);
    }
    return state;
  }

  /** Sends a call with no other call at the same time. Resolves when it is answered; rejects when the worker ends. */
  async #sendAlone(pending: Pending): Promise<void> {
    const { id } = pending.request;
    if (!this.#pending.has(id)) return; // Cancelled meanwhile.
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#alone = { id, done: resolve };
    pending.sent = 'alone';
    this.#post(pending.request);
    await Promise.race([promise, this.#ended.then((cause) => Promise.reject(cause))]);
    this.#alone = null;
  }

  #send<Call extends EngineCall>(
    call: Call,
    input: EngineCalls[Call]['input'],
    signal?: AbortSignal,
    transfer: readonly (ArrayBuffer | MessagePort)[] = [],
  ): Promise<EngineCalls[Call]['output']> {
    const request = toRequest(this.#nextId++, call, input);
    const answered = new Promise<EngineCalls[Call]['output']>((resolve, reject) => {
      const pending = { request, resolve: (output: unknown) => resolve(toOutput<Call>(output)), reject };
      this.#pending.set(request.id, { ...pending, sent: 'together' });
      this.#worker.ref();
      this.#post(request, transfer);
    });
    return untilAborted(answered, signal).finally(() => this.#settle(request.id));
  }

  /** Searches go to their own thread, so that they do not wait for what the engine does. */
  #post(request: EngineRequest, transfer: readonly (ArrayBuffer | MessagePort)[] = []): void {
    const isSearch = request.call === 'search' || request.call === 'encode';
    const thread = isSearch && this.#searchPort !== null ? this.#searchPort : this.#worker;
    thread.postMessage(request, [...transfer]);
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0 && !this.#closing.signal.aborted) this.#worker.unref();
    return pending;
  }

  #receive(message: EngineMessage): void {
    switch (message.kind) {
      case 'answers':
        for (const { id, output } of message.answers) {
          this.#settle(id)?.resolve(output);
          if (this.#alone?.id === id) this.#alone.done();
        }
        return;
      case 'failure': {
        const pending = this.#settle(message.id);
        const isStart = pending !== undefined && isSetUp(pending.request);
        pending?.reject(
          isStart
            ? new StartFailure(message.message)
            : failed({ message: `The embedded engine failed: ${message.message}.`, retryable: false }),
        );
        if (this.#alone?.id === message.id) this.#alone.done();
        return;
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
      case 'trainer':
        this.#trainer = message.pid;
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
  }

  async #provideModel(key: string): Promise<void> {
    const worker = this.#worker;
    const bytes = (await this.#options.turns?.claim(key)) ?? null;
    // The worker that asked may have ended meanwhile, and its turn with it; the next worker asks again.
    if (worker !== this.#worker || this.#hasEnded) return;
    await this.#send('model', { key, bytes }, undefined, bytes === null ? [] : [bytes]).catch(() => undefined);
  }

  /** Called when the worker has ended: pending calls wait for the next one, except a call that was sent alone. */
  #handleEnd(cause: unknown): void {
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

  /** Rejects all pending calls, and every new one until the engine works again. */
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
const isReadCall = ({ call }: EngineRequest) => call === 'classify' || call === 'search' || call === 'encode';

function createWaitingGate(): Gate {
  const opened = Promise.withResolvers<void>();
  opened.promise.catch(() => undefined); // It may be rejected while no call waits for it.
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

/** A process that trains would not notice before its training is done. */
function endProcess(pid: number): void {
  try {
    process.kill(pid);
  } catch {
    // It has ended by itself.
  }
}

const asError = (cause: unknown) => (cause instanceof Error ? cause : new Error(String(cause)));

/** Waits for the work; rejects as soon as the signal aborts. */
function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const message = 'The call to the embedded engine was cancelled before it had a result.';
    const onAbort = () => reject(failed({ message, retryable: true, cause: signal.reason }));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** TypeScript cannot check that a generic call and its input match; the signature of `call` ensures it. */
function toRequest<Call extends EngineCall>(id: number, call: Call, input: EngineCalls[Call]['input']): EngineRequest {
  return { id, call, input } as unknown as EngineRequest;
}

/** The worker returns the output that `EngineCalls` names for each call. */
function toOutput<Call extends EngineCall>(output: unknown): EngineCalls[Call]['output'] {
  return output as EngineCalls[Call]['output'];
}
