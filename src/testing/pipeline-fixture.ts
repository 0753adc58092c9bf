import { sql } from '../base/drizzle.ts';
import { silentLogger } from '../base/logger.ts';
import type { Classifier } from '../classifiers/classifier.ts';
import type { Connector, DeliverRequest } from '../connectors/connector.ts';
import { sharedFieldsSchema } from '../connectors/connector-settings.ts';
import type { ConfiguredConnector, LearningPolicy, PipelineContext } from '../pipeline/pipeline-context.ts';
import type { Queue } from '../queue/queue.ts';
import type { Mode } from '../routing/decision.ts';
import { createPlainUrgency } from '../routing/plain-urgency.ts';
import type { HistoryEvent, Store } from '../store/store.ts';
import { parseTaxonomy } from '../taxonomy/parse-taxonomy.ts';
import { sampleClassification } from './sample-values.ts';

const taxonomy = parseTaxonomy({
  file: 'taxonomy.yaml',
  text: `
name: A small tree
intents:
  - id: orders
    name: Orders
    description: What was bought
    children:
      - { id: orders/status, name: Status, description: Where it is }
      - { id: orders/returns, name: Returns, description: Sending it back, aliases: [sending-back] }
`,
});

/** Compiling its phrases takes some milliseconds, and it has no state. */
const plainUrgency = createPlainUrgency({});

/** Jobs that were enqueued, in order; no worker runs them. */
export type EnqueuedJob = { readonly name: string; readonly payload: unknown };

export type PipelineFixture = {
  readonly context: PipelineContext;
  readonly jobs: EnqueuedJob[];
  readonly delivered: DeliverRequest[];
  /** Ids of the tickets that connectors were asked to remove from their files. */
  readonly takenOut: string[];
  readonly classifierCalls: string[];
  /** The events of a ticket's history, in order. */
  eventsOf(ticketId: string): Promise<HistoryEvent[]>;
};

/** A pipeline context over a real store, with a predictable engine, connectors and ids. */
export function createPipelineFixture(options: {
  store: Store;
  classify?: Classifier['classify'];
  deliver?: Connector['deliver'];
  enqueue?: Queue['enqueue'];
  /** Mode of the connectors `api` and `desk`. */
  mode?: Mode;
  learning?: Partial<LearningPolicy>;
  redaction?: boolean;
}): PipelineFixture {
  const { store, mode = 'auto' } = options;
  const jobs: EnqueuedJob[] = [];
  const delivered: DeliverRequest[] = [];
  const takenOut: string[] = [];
  const classifierCalls: string[] = [];
  let counter = 0;

  const connect = (name: string): [string, ConfiguredConnector] => [
    name,
    {
      connector: {
        name,
        type: 'fake',
        deliver: async (request) => {
          delivered.push(request);
          return options.deliver?.(request) ?? { state: 'delivered', detail: 'written' };
        },
        erase: async ({ ticketIds }) => {
          takenOut.push(...ticketIds);
        },
      },
      ...sharedFieldsSchema.parse({ mode }),
    },
  ];

  return {
    jobs,
    delivered,
    takenOut,
    classifierCalls,
    context: {
      store,
      queue: {
        enqueue:
          options.enqueue ??
          (async (name, payloads, transaction) => {
            // As the real one, which writes within the transaction: it fails where an earlier statement has failed.
            await transaction?.execute(sql`select 1`);
            jobs.push(...payloads.map((payload) => ({ name, payload })));
          }),
      },
      classifier: {
        id: 'fake',
        classify: async (request) => {
          classifierCalls.push(request.ticket.id);
          return options.classify?.(request) ?? sampleClassification({ intent: 'orders/status' });
        },
      },
      taxonomy,
      routing: {
        triageTeam: 'triage',
        teams: [
          { id: 'triage', name: 'Triage', members: [], owners: {} },
          { id: 'orders', name: 'Orders', members: [], owners: {} },
        ],
        // biome-ignore lint/suspicious/noThenProperty: `then` is a key of the configuration file.
        routing: [{ name: 'orders', when: { intent: ['orders'] }, then: { team: 'orders', tags: [] } }],
        slas: {},
        calendars: new Map(),
        plainUrgency,
      },
      connectors: new Map([connect('api'), connect('desk')]),
      learning: { feedback: 'immediate', maxCorrectionsPerHour: 1_000, reviewBelow: 0.6, ...options.learning },
      redaction: options.redaction ?? true,
      release: () => 'r-test',
      now: () => new Date('2026-11-22T10:00:00Z'),
      createId: (prefix) => `${prefix}-${store.kind}-${++counter}-${Math.random().toString(36).slice(2)}`,
      logger: silentLogger,
    },
    eventsOf: async (ticketId) => (await store.history.ofTicket(ticketId)).map((entry) => entry.event),
  };
}
