import { type CliIo, writeNote } from './io.ts';

/**
 * Aborts the signal at the first Ctrl-C, so that the calls under way can end. A second Ctrl-C ends the process at once,
 * which loses only those calls. `release` removes the handlers.
 */
export function stopOnSignal(io: CliIo): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    writeNote(io, '\nStopping when the calls under way have ended. Press Ctrl-C again to stop at once.');
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
