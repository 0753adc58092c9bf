/** The time limit of one piece of work. `signal` aborts when the time is over, or when the caller gives up. */
export type Deadline = {
  readonly signal: AbortSignal;
  remainingMs(): number;
  /** True when the time is over; false when the caller gave up. */
  passed(): boolean;
  [Symbol.dispose](): void;
};

export function startDeadline(options: { timeoutMs: number; signal?: AbortSignal | undefined }): Deadline {
  const { timeoutMs, signal: outer } = options;
  const endsAt = performance.now() + timeoutMs;
  const controller = new AbortController();
  let passed = false;
  const onOuter = () => controller.abort(outer?.reason);
  if (outer?.aborted) onOuter();
  else outer?.addEventListener('abort', onOuter, { once: true });
  const onTime = () => {
    passed = true;
    controller.abort(new DOMException('The time for this ticket is over.', 'TimeoutError'));
  };
  if (timeoutMs <= 0 && !controller.signal.aborted) onTime();
  const timer = setTimeout(onTime, Math.max(0, timeoutMs));
  return {
    signal: controller.signal,
    remainingMs: () => Math.max(0, endsAt - performance.now()),
    passed: () => passed,
    [Symbol.dispose]() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', onOuter);
    },
  };
}

/** Waits for `work`, but rejects as soon as the signal aborts, so that work which ignores its signal cannot hang us. */
export async function raceSignal<T>({ work, signal }: { work: Promise<T>; signal: AbortSignal }): Promise<T> {
  if (signal.aborted) {
    work.catch(() => undefined);
    throw signal.reason;
  }
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    work.catch(() => undefined); // it may still fail later, when nobody waits for it
  }
}

/** Resolves after the time; rejects when the signal aborts first. */
export async function sleep({ ms, signal }: { ms: number; signal: AbortSignal }): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const work = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await raceSignal({ work, signal });
  } finally {
    clearTimeout(timer);
  }
}
