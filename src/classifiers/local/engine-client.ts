import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { OnProgress } from '../../base/progress.ts';
import { ClassifierError } from '../../errors.ts';
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

const workerFile = import.meta.url.endsWith('.ts') ? './engine-worker.ts' : './engine-worker.js';

/** A second crash within this time means that restarting does not help. */
const RESTART_WINDOW_MS = 60_000;

type Pending = {
  readonly request: EngineRequest;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly retried: boolean;
};

export type EngineClientOptions = {
  readonly open: OpenRequest;
  /** The examples as they are now: read at the start, and again when the worker has to be restarted. */
  readonly examples: () => Iterable<TaughtExample>;
  readonly onProgress: OnProgress;
  readonly onState: (state: EngineState) => void;
};

/** Talks to the engine in its worker thread. A crashed worker is restarted once with all it knew. */
export class EngineClient {
  readonly #options: EngineClientOptions;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker;
  /** Resolves when the present worker has a model. */
  #ready: Promise<EngineState>;
  #nextId = 1;
  #crashedAt = Number.NEGATIVE_INFINITY;
  #failure: ClassifierError | null = null;

  constructor(options: EngineClientOptions) {
    this.#options = options;
    this.#worker = this.#spawn();
    this.#ready = this.#fill();
    this.#ready.catch(() => undefined); // Awaited by every call.
  }

  /** Id of the worker's thread, for tests that end it. */
  get worker(): Worker {
    return this.#worker;
  }

  ready(): Promise<EngineState> {
    return this.#ready;
  }

  async call<Call extends EngineCall>(
    call: Call,
    input: EngineCalls[Call]['input'],
    signal?: AbortSignal,
  ): Promise<EngineCalls[Call]['output']> {
    await untilAborted(this.#ready, signal);
    return this.#send(call, input, signal);
  }

  async close(): Promise<void> {
    this.#failure = failed('The embedded engine has been closed.', false);
    this.#rejectAll(this.#failure);
    this.#worker.ref(); // Or the process could end before the thread has.
    await this.#worker.terminate();
  }

  #spawn(): Worker {
    // Flags of the program (--input-type, --import) are not meant for this thread, and some end it.
    const worker = new Worker(new URL(workerFile, import.meta.url), { execArgv: [] });
    worker.on('message', (message: EngineMessage) => this.#receive(message));
    let cause: unknown = null;
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', (code) => {
      if (worker === this.#worker && this.#failure === null) this.#recover(cause ?? new Error(`exit code ${code}`));
    });
    worker.unref(); // An idle engine does not keep the process alive; a question that waits does.
    return worker;
  }

  async #fill(): Promise<EngineState> {
    await this.#send('open', this.#options.open);
    for (const examples of exampleBatches(this.#options.examples())) {
      await this.#send('add', { examples });
      await setImmediate(); // Other work of the main thread comes between two batches.
    }
    return this.#send('start', null);
  }

  #send<Call extends EngineCall>(
    call: Call,
    input: EngineCalls[Call]['input'],
    signal?: AbortSignal,
  ): Promise<EngineCalls[Call]['output']> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const request = toRequest(this.#nextId++, call, input);
    const answered = new Promise<EngineCalls[Call]['output']>((resolve, reject) => {
      this.#track({ request, retried: false, resolve: (output) => resolve(toOutput<Call>(output)), reject });
      this.#worker.postMessage(request);
    });
    return untilAborted(answered, signal).finally(() => this.#settle(request.id));
  }

  #track(pending: Pending): void {
    this.#pending.set(pending.request.id, pending);
    this.#worker.ref();
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0 && this.#failure === null) this.#worker.unref();
    return pending;
  }

  #receive(message: EngineMessage): void {
    switch (message.kind) {
      case 'answer':
        this.#settle(message.id)?.resolve(message.output);
        return;
      case 'failure':
        this.#settle(message.id)?.reject(failed(`The embedded engine could not answer: ${message.message}.`, false));
        return;
      case 'progress':
        this.#options.onProgress({ step: message.step, done: message.done, total: message.total });
        return;
      case 'state':
        this.#options.onState(message.state);
        return;
      default:
        message satisfies never;
    }
  }

  /** Starts a new worker and asks again what was under way, each question once more at most. */
  #recover(cause: unknown): void {
    const now = performance.now();
    const again = [...this.#pending.values()];
    this.#pending.clear();
    if (now - this.#crashedAt < RESTART_WINDOW_MS) {
      this.#failure = failed('The embedded engine crashed twice within a minute and was not restarted.', true, cause);
      for (const pending of again) pending.reject(this.#failure);
      return;
    }
    this.#crashedAt = now;
    this.#worker = this.#spawn();
    const questions = again.filter(({ request }) => !isSetUp(request));
    const setUp = again.filter(({ request }) => isSetUp(request));
    // What was being set up is set up anew by #fill; its old promises end with the new one's result.
    this.#ready = this.#fill();
    this.#ready.then(
      (state) => {
        for (const { request, resolve } of setUp) resolve(request.call === 'start' ? state : null);
        for (const pending of questions) this.#askAgain(pending, cause);
      },
      (error: unknown) => {
        const failure = error instanceof Error ? error : failed(String(error), true);
        for (const { reject } of again) reject(failure);
      },
    );
  }

  #askAgain(pending: Pending, cause: unknown): void {
    if (pending.retried) {
      pending.reject(failed('The embedded engine crashed on this ticket twice.', false, cause));
      return;
    }
    this.#track({ ...pending, retried: true });
    this.#worker.postMessage(pending.request);
  }

  #rejectAll(error: Error): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(error);
  }
}

const isSetUp = ({ call }: EngineRequest) => call === 'open' || call === 'add' || call === 'start';

function failed(message: string, retryable: boolean, cause?: unknown): ClassifierError {
  return new ClassifierError({ classifier: 'local', retryable, message, cause });
}

function aborted(signal: AbortSignal | undefined): ClassifierError {
  return failed('The embedded engine was told to stop before it answered.', true, signal?.reason);
}

/** Waits for the work, or rejects as soon as the signal says so. */
function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(aborted(signal));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** TypeScript cannot see that call and input belong together once both are generic; the signature of `call` ensures it. */
function toRequest<Call extends EngineCall>(id: number, call: Call, input: EngineCalls[Call]['input']): EngineRequest {
  return { id, call, input } as unknown as EngineRequest;
}

/** The worker answers each call with the output that `EngineCalls` names. */
function toOutput<Call extends EngineCall>(output: unknown): EngineCalls[Call]['output'] {
  return output as EngineCalls[Call]['output'];
}
