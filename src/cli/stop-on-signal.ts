import { type CliIo, writeNote } from './io.ts';

/** The first Ctrl-C lets what is under way end; the second ends at once, and loses only that. */
export function stopOnSignal(io: CliIo): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    writeNote(io, '\nStopping after the questions under way; Ctrl-C again stops at once.');
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
