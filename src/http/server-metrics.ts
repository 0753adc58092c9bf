import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Health } from '../app.ts';
import { type HistoryEvent, historyEvents } from '../store/store.ts';
import type { HttpApp } from './http-app.ts';
import { createHistogram, formatMetric, type Metric } from './prometheus.ts';

/** From a health check (1 ms) to a request that waits for its decision (?wait=60s). */
const requestSecondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export type ServerMetrics = {
  observeRequest(request: { method: string; route: string; status: number; seconds: number }): void;
  /** The whole exposition. */
  format(): Promise<string>;
  close(): void;
};

/** Counts since the start of this process; what is in the store is asked at each scrape. */
export function createServerMetrics(options: { app: HttpApp; version: string }): ServerMetrics {
  const { app, version } = options;
  const requests = createHistogram({
    name: 'switchboard_http_request_duration_seconds',
    help: 'Time to answer an HTTP request.',
    buckets: requestSecondsBuckets,
  });
  const eventCounts = new Map<HistoryEvent, number>(historyEvents.map((event) => [event, 0]));
  const unsubscribe = app.events.subscribe({
    onEvent: ({ event }) => eventCounts.set(event, (eventCounts.get(event) ?? 0) + 1),
  });
  const eventLoop = monitorEventLoopDelay({ resolution: 20 });
  eventLoop.enable();

  return {
    observeRequest: ({ method, route, status, seconds }) =>
      requests.observe({ method, route, status: `${status}` }, seconds),
    format: async () => {
      const [health, tickets] = await Promise.all([app.health(), app.store.tickets.count()]);
      const metrics = [
        ...describeProcess({ version, eventLoopP99Seconds: eventLoop.percentile(99) / 1e9 }),
        ...describeHealth(health),
        {
          name: 'switchboard_tickets',
          help: 'Tickets in the store, by state.',
          type: 'gauge',
          samples: Object.entries(tickets).map(([state, value]) => ({ labels: { state }, value })),
        },
        {
          name: 'switchboard_events_total',
          help: 'Events of the history seen since this process started.',
          type: 'counter',
          samples: [...eventCounts].map(([event, value]) => ({ labels: { event }, value })),
        },
      ] satisfies Metric[];
      return `${metrics.map(formatMetric).join('')}${requests.format()}`;
    },
    close: () => {
      unsubscribe();
      eventLoop.disable();
    },
  };
}

function describeHealth({ ready, queue, worker, engine, examples }: Health): Metric[] {
  const gauge = (name: string, help: string, value: number): Metric => ({
    name,
    help,
    type: 'gauge',
    samples: [{ value }],
  });
  return [
    gauge('switchboard_ready', '1 when tickets can be accepted.', Number(ready)),
    gauge('switchboard_queue_waiting', 'Jobs that wait for a worker.', queue.waiting),
    gauge('switchboard_queue_active', 'Jobs being worked.', queue.active),
    gauge('switchboard_worker_running', '1 when this process works the queue.', Number(worker.running)),
    gauge('switchboard_examples', 'Labelled tickets that the engine learned from.', examples),
    {
      name: 'switchboard_engine_info',
      help: 'The engine that answers.',
      type: 'gauge',
      samples: [{ labels: { engine: engine.kind }, value: 1 }],
    },
  ];
}

function describeProcess(options: { version: string; eventLoopP99Seconds: number }): Metric[] {
  return [
    {
      name: 'switchboard_build_info',
      help: 'Version of Switchboard and of Node.',
      type: 'gauge',
      samples: [{ labels: { version: options.version, node: process.version }, value: 1 }],
    },
    {
      name: 'process_resident_memory_bytes',
      help: 'Resident memory.',
      type: 'gauge',
      samples: [{ value: process.memoryUsage.rss() }],
    },
    {
      name: 'process_start_time_seconds',
      help: 'Start of the process, in seconds since 1970.',
      type: 'gauge',
      samples: [{ value: Math.round((Date.now() - process.uptime() * 1000) / 1000) }],
    },
    {
      name: 'nodejs_eventloop_lag_p99_seconds',
      help: '99th percentile of the delay of the event loop since the start.',
      type: 'gauge',
      samples: [{ value: options.eventLoopP99Seconds }],
    },
  ];
}
