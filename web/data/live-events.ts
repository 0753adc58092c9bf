// What happens on the server, as it happens. All tabs of a browser share one stream, because a browser opens only six
// connections to a server and each stream would hold one of them.
import type { StreamEvent } from './api-types.ts';

export type LiveState = 'connecting' | 'open' | 'lost';
type Listener = { onEvent?(event: StreamEvent): void; onState?(state: LiveState): void };
type TabMessage =
  | { readonly kind: 'event'; readonly event: StreamEvent }
  | { readonly kind: 'state'; readonly state: LiveState }
  | { readonly kind: 'ask' };

/** Of the events in the stream, those that pages show. */
const eventNames = [
  'ticket.accepted',
  'ticket.revised',
  'ticket.decided',
  'ticket.delivered',
  'ticket.delivery-refused',
  'ticket.delivery-skipped',
  'ticket.delivery-undone',
  'ticket.changed-outside',
  'ticket.feedback',
  'ticket.feedback-approved',
  'ticket.feedback-undone',
  'ticket.waits-again',
  'examples-imported',
  'examples-removed',
  'example-approved',
  'tickets-erased',
] as const;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const NAME = 'switchboard-events';

const listeners = new Set<Listener>();
let state: LiveState = 'connecting';
let hasStarted = false;

export const liveState = (): LiveState => state;

/** Calls the listener with every event and every change of state until the returned function is called. */
export function listenToEvents(listener: Listener): () => void {
  listeners.add(listener);
  if (!hasStarted) {
    hasStarted = true;
    start();
  }
  return () => {
    listeners.delete(listener);
  };
}

function hear(message: TabMessage): void {
  if (message.kind === 'ask') return;
  if (message.kind === 'state') state = message.state;
  for (const { onEvent, onState } of listeners) {
    if (message.kind === 'event') onEvent?.(message.event);
    else onState?.(message.state);
  }
}

function start(): void {
  const channel = new BroadcastChannel(NAME);
  const tell = (message: TabMessage) => {
    hear(message);
    channel.postMessage(message);
  };
  let isLeader = false;
  channel.onmessage = ({ data }: MessageEvent<TabMessage>) => {
    if (data.kind !== 'ask') hear(data);
    else if (isLeader) channel.postMessage({ kind: 'state', state } satisfies TabMessage);
  };
  channel.postMessage({ kind: 'ask' } satisfies TabMessage);

  const lead = () => {
    isLeader = true;
    return readStream(tell);
  };
  // The tab with the lock reads the stream; when it closes, another one gets the lock. Without locks, as on plain http with
  // a host name, each tab reads for itself.
  void (navigator.locks === undefined ? lead() : navigator.locks.request(NAME, lead));
}

/** Reads the stream as long as the page is open; connects again after a pause that grows. */
async function readStream(tell: (message: TabMessage) => void): Promise<never> {
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    await new Promise<void>((resolve) => {
      const source = new EventSource('/v1/events');
      source.addEventListener('hello', () => {
        pauseMs = FIRST_PAUSE_MS;
        tell({ kind: 'state', state: 'open' });
      });
      for (const name of eventNames) {
        source.addEventListener(name, ({ data }: MessageEvent<string>) =>
          tell({ kind: 'event', event: JSON.parse(data) as StreamEvent }),
        );
      }
      // A new stream, instead of the browser's own reconnection: that gives up for good after a response with an error.
      source.onerror = () => {
        source.close();
        resolve();
      };
    });
    tell({ kind: 'state', state: 'lost' });
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
  }
}
