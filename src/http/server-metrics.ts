import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Health } from '../app.ts';
import type { Counter } from '../store/store.ts';
import type { HttpApp } from './http-app.ts';
import { describeModels } from './model-metrics.ts';
import { createHistogram, formatMetric, type Metric } from './prometheus.ts';

/** Upper bounds in seconds: from a health check (1 ms) to a request that waits for its decision (?wait=60s). */
const requestSecondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export type ServerMetrics = {
  observeRequest(request: { method: string; route: string; status: number; seconds: number }): void;
  /** All metrics in the text format of Prometheus. */
  format(): Promise<string>;
  close(): void;
};

/** How often the delay of the event loop is measured. */
const EVENT_LOOP_RESOLUTION_MS = 10;

/** Requests are counted since this process started. The store keeps the other totals, so no scrape counts rows. */
export function createServerMetrics(options: { app: HttpApp; version: string }): ServerMetrics {
  const { app, version } = options;
  const requests = createHistogram({
    name: 'switchboard_http_request_duration_seconds',
    help: 'Time from the start of an HTTP request to the end of its response.',
    buckets: requestSecondsBuckets,
  });
  const eventLoop = monitorEventLoopDelay({ resolution: EVENT_LOOP_RESOLUTION_MS });
  eventLoop.enable();

  return {
    observeRequest: ({ method, route, status, seconds }) =>
      requests.observe({ method, route, status: `${status}` }, seconds),
    format: async () => {
      const [health, models, counters, waiting] = await Promise.all([
        app.health(),
        app.modelStatus(),
        app.store.counters.all(),
        app.review.counts(),
      ]);
      const metrics = [
        ...describeProcess({ version }),
        ...describeEventLoop(eventLoop),
        ...describeHealth(health),
        ...describeModels(models),
        describeReview(waiting),
        ...describeCounters(counters),
      ] satisfies Metric[];
      return `${metrics.map(formatMetric).join('')}${requests.format()}`;
    },
    close: () => eventLoop.disable(),
  };
}

/** Help text of the store's counters, by name. A counter that is not listed gets its name as help text. */
const counterHelp: Readonly<Record<string, string>> = {
  tickets: 'Tickets accepted.',
  'tickets-erased': 'Tickets erased.',
  events: 'Events in the history.',
  decisions: 'Decisions, by stage, model, team, intent and whether the engine abstained.',
  'decision-cost-usd': 'Cost of the decisions in US dollars.',
};

/** Totals of all processes on this database since it was created. Every process shows the same. */
function describeCounters(counters: readonly Counter[]): Metric[] {
  const byName = Map.groupBy(counters, ({ name }) => name);
  return [...byName].map(([name, own]) => ({
    name: `switchboard_${name.replaceAll('-', '_')}_total`,
    help: `${counterHelp[name] ?? `${name}.`} Total of all processes on the database; each process shows the same.`,
    type: 'counter',
    samples: own.map(({ labels, value }) => ({ labels, value })),
  }));
}

function describeHealth({ ready, queue, worker, engine, examples, helpdesks, refusedWebhooks }: Health): Metric[] {
  const gauge = (name: string, help: string, value: number): Metric => ({
    name,
    help,
    type: 'gauge',
    samples: [{ value }],
  });
  return [
    gauge('switchboard_ready', '1 when tickets can be accepted.', Number(ready)),
    gauge('switchboard_queue_waiting', 'Tickets that are not decided yet.', queue.waiting),
    gauge(
      'switchboard_queue_oldest_seconds',
      'For how long the ticket that waits longest has been without a decision; 0 when none waits.',
      queue.oldestSeconds ?? 0,
    ),
    gauge('switchboard_queue_active', 'Jobs in progress.', queue.active),
    gauge('switchboard_worker_running', '1 when this process works on the jobs of the queue.', Number(worker.running)),
    gauge('switchboard_examples', 'Stored examples that the engine learns from.', examples),
    ...describeHelpdesks(helpdesks),
    {
      name: 'switchboard_webhooks_refused_total',
      help: 'Webhooks that were not accepted since this process started, by connector; without a name those for no connector.',
      type: 'counter',
      samples: refusedWebhooks.map(({ connector, total }) => ({
        labels: { connector: connector ?? '' },
        value: total,
      })),
    },
    {
      name: 'switchboard_engine_info',
      help: 'The kind of the engine that classifies tickets.',
      type: 'gauge',
      samples: [{ labels: { engine: engine.kind }, value: 1 }],
    },
  ];
}

const describeReview = (waiting: Awaited<ReturnType<HttpApp['review']['counts']>>): Metric => ({
  name: 'switchboard_review_waiting',
  help: 'What waits for a person: tickets that nobody knew or was sure of, moves without a reason, corrections and examples.',
  type: 'gauge',
  samples: Object.entries(waiting).map(([kind, value]) => ({ labels: { kind }, value })),
});

function describeHelpdesks(helpdesks: Health['helpdesks']): Metric[] {
  if (helpdesks.length === 0) return [];
  const read = helpdesks.flatMap(({ connector, polledAt }) =>
    polledAt === null ? [] : [{ labels: { connector }, value: Date.parse(polledAt) / 1_000 }],
  );
  return [
    {
      name: 'switchboard_helpdesk_read_timestamp_seconds',
      help: 'When the changes of a helpdesk were last read without an error, in seconds since 1970.',
      type: 'gauge',
      samples: read,
    },
    {
      name: 'switchboard_helpdesk_caught_up',
      help: '0 while older changes of a helpdesk are still being read.',
      type: 'gauge',
      samples: helpdesks.map(({ connector, isCaughtUp }) => ({ labels: { connector }, value: Number(isCaughtUp) })),
    },
  ];
}

function describeProcess(options: { version: string }): Metric[] {
  return [
    {
      name: 'switchboard_build_info',
      help: 'Versions of Switchboard and Node.',
      type: 'gauge',
      samples: [{ labels: { version: options.version, node: process.version }, value: 1 }],
    },
    {
      name: 'process_resident_memory_bytes',
      help: 'Resident memory of the process in bytes.',
      type: 'gauge',
      samples: [{ value: process.memoryUsage.rss() }],
    },
    {
      name: 'process_start_time_seconds',
      help: 'Start of the process, in seconds since 1970.',
      type: 'gauge',
      samples: [{ value: Math.round((Date.now() - process.uptime() * 1000) / 1000) }],
    },
  ];
}

/** Describes the delays since the last call. Node measures the time between two looks, so the time between is taken off. */
function describeEventLoop(eventLoop: ReturnType<typeof monitorEventLoopDelay>): Metric[] {
  const seconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - EVENT_LOOP_RESOLUTION_MS / 1e3);
  const gauge = (name: string, what: string, nanoseconds: number): Metric => ({
    name: `nodejs_eventloop_lag_${name}_seconds`,
    help: `${what} of the delays of the event loop since the last scrape.`,
    type: 'gauge',
    samples: [{ value: seconds(nanoseconds) }],
  });
  const metrics = [
    gauge('p50', 'Median', eventLoop.percentile(50)),
    gauge('p99', '99th percentile', eventLoop.percentile(99)),
    gauge('max', 'Longest', eventLoop.count === 0 ? 0 : eventLoop.max),
  ];
  eventLoop.reset();
  return metrics;
}
