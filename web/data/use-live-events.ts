import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { StreamEvent } from './api-types.ts';
import { type LiveState, listenToEvents, liveState } from './live-events.ts';

/** Calls `onEvent` with what happens on the server, and `onOpen` when a stream begins: events may have been missed before. */
export function useLiveEvents(listener: { onEvent(event: StreamEvent): void; onOpen(): void }): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(
    () =>
      listenToEvents({
        onEvent: (event) => latest.current.onEvent(event),
        onState: (state) => {
          if (state === 'open') latest.current.onOpen();
        },
      }),
    [],
  );
}

export function useLiveState(): LiveState {
  return useSyncExternalStore((onChange) => listenToEvents({ onState: onChange }), liveState);
}
