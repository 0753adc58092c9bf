// A pipeline that is connected to a helpdesk in memory, and runs its own jobs.
import { sharedFieldsSchema } from '../connectors/connector-settings.ts';
import { createPipeline, type Pipeline } from '../pipeline/pipeline.ts';
import type { ConfiguredConnector } from '../pipeline/pipeline-context.ts';
import type { Store } from '../store/store.ts';
import { createMemoryDesk, type MemoryDesk } from './memory-desk.ts';
import { createPipelineFixture, type PipelineFixture } from './pipeline-fixture.ts';
import { sampleClassification } from './sample-values.ts';

export type DeskPipeline = {
  readonly name: string;
  readonly desk: MemoryDesk;
  readonly fixture: PipelineFixture;
  readonly pipeline: Pipeline;
  now: Date;
  classify: NonNullable<Parameters<typeof createPipelineFixture>[0]['classify']>;
  readonly idOf: (externalId: string) => string;
  /** Reads one ticket. */
  refresh(externalId: string): ReturnType<Pipeline['refresh']>;
  /** Runs the queued jobs until none is left; a second passes before each. */
  work(): Promise<void>;
  /** Reads one ticket and does what follows from it. */
  take(externalId: string): Promise<void>;
  recordOf(externalId: string): Promise<NonNullable<Awaited<ReturnType<Store['tickets']['getRecord']>>>>;
  /** As another process sees it: with this configuration of the connector, or its own clock. */
  reopen(options: { fields?: object; now?: () => Date }): { pipeline: Pipeline; configured: ConfiguredConnector };
};

let counter = 0;
const { signal } = new AbortController();

/** Connects a new helpdesk; `fields` are those of its entry in the configuration. */
export async function connectDesk(
  store: Store,
  options: {
    fields?: object;
    /** Changes the connector before it is used. */
    wrap?: (connector: MemoryDesk['connector']) => MemoryDesk['connector'];
  } = {},
): Promise<DeskPipeline> {
  counter += 1;
  const name = `desk-p${counter}`;
  const desk = createMemoryDesk({ name, now: () => self.now });
  const connector = options.wrap?.(desk.connector) ?? desk.connector;
  const fixture = createPipelineFixture({ store, classify: (request) => self.classify(request) });
  const configure = (fields: object = {}) => ({
    ...sharedFieldsSchema.parse({ mode: 'auto', ...options.fields, ...fields }),
    connector,
  });
  const routing = {
    ...fixture.context.routing,
    teams: [
      { id: 'triage', name: 'Triage', members: [], owners: { [name]: 'inbox' } },
      { id: 'orders', name: 'Orders', members: [], owners: { [name]: 'g-orders' } },
    ],
  };
  const contextOf = (configured: ConfiguredConnector, now: () => Date) => ({
    ...fixture.context,
    ...{ routing, now },
    connectors: new Map([[name, configured]]),
  });
  const context = contextOf(configure(), () => self.now);
  const pipeline = createPipeline(context);
  const self: DeskPipeline = {
    ...{ name, desk, pipeline },
    fixture: { ...fixture, context },
    now: new Date('2026-11-27T10:00:00Z'),
    classify: async () => sampleClassification({ intent: 'orders/status' }),
    idOf: (externalId) => `${name}:${externalId}`,
    refresh: (externalId) => pipeline.refresh({ connector: name, externalId, signal }),
    async work() {
      for (;;) {
        const jobs = fixture.jobs.splice(0);
        if (jobs.length === 0) return;
        for (const { name: kind, payload } of jobs) {
          self.now = new Date(self.now.getTime() + 1_000);
          // The casts: each kind of job has its own payload.
          if (kind === 'refresh')
            await pipeline.refresh({ ...(payload as { connector: string; externalId: string }), signal });
          if (kind === 'decide') await pipeline.decide.decide(payload as { ticketId: string; revision: number });
          if (kind === 'deliver') await pipeline.deliver.deliver((payload as { decisionId: string }).decisionId);
        }
      }
    },
    async take(externalId) {
      await self.refresh(externalId);
      await self.work();
    },
    async recordOf(externalId) {
      const record = await store.tickets.getRecord(self.idOf(externalId));
      if (record === null) throw new TypeError(`no ticket ${externalId}`);
      return record;
    },
    reopen({ fields, now = () => self.now }) {
      const configured = configure(fields);
      return { pipeline: createPipeline(contextOf(configured, now)), configured };
    },
  };
  await store.cursors.connect({ connectors: [name], now: self.now });
  return self;
}
