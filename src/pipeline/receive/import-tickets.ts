import { type Actor, nameActor } from '../../base/actor.ts';
import { ConflictError, NotFoundError } from '../../errors.ts';
import type { ImportJob, RefreshJob } from '../../queue/jobs.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { isInIntake } from './is-in-intake.ts';
import { queueRefreshes } from './take-signals.ts';

export type ImportStep = {
  /**
   * Starts to read tickets of a helpdesk that were created since a moment, also those from before the connection. They are
   * decided when no live ticket waits, and nothing is written to them. Throws NotFoundError for an unknown connector,
   * ConflictError for one that cannot list tickets.
   */
  start(request: { connector: string; since: Date; actor: Actor }): Promise<void>;
  /** Reads one page and queues the next. Running it again stores nothing twice. Rejects with ConnectorError. */
  importPage(job: ImportJob, signal: AbortSignal): Promise<void>;
};

export function createImportStep(context: PipelineContext): ImportStep {
  const { store, queue, connectors, logger } = context;
  return {
    async start({ connector, since, actor }) {
      const configured = connectors.get(connector);
      if (configured === undefined) {
        throw new NotFoundError(`There is no connector "${connector}". Check \`connectors\` in the configuration.`);
      }
      const { listChanged, readTicket, type } = configured.connector;
      if (listChanged === undefined || readTicket === undefined) {
        throw new ConflictError(`Connectors of type "${type}" have no older tickets to import.`);
      }
      const from = since.toISOString();
      await store.transaction(async (transaction) => {
        await queue.enqueue('import', [{ connector, since: from, cursor: null }], transaction.executor);
        await transaction.history.append([
          {
            ticketId: null,
            event: 'tickets-imported',
            by: nameActor(actor),
            actor,
            detail: `an import of older tickets of ${connector} was started`,
            facts: { connector, since: from },
          },
        ]);
      });
    },

    async importPage({ connector: name, since, cursor }, signal) {
      const configured = connectors.get(name);
      const connector = configured?.connector;
      if (configured === undefined || connector?.listChanged === undefined) return;
      const page = await connector.listChanged({ cursor, since: new Date(since), signal });
      const known = await store.tickets.findByKeys(
        page.signals.map(({ externalId }) => ({ connector: name, externalId })),
      );
      const knownIds = new Set(known.map(({ externalId }) => externalId));
      const wanted = page.signals.filter(
        ({ externalId, createdAt, intake, isDeleted }) =>
          !isDeleted &&
          !knownIds.has(externalId) &&
          (createdAt === undefined || createdAt >= since) &&
          (intake === undefined || isInIntake(configured, { ...intake, statuses: configured.statuses })),
      );
      const toldAt = context.now().toISOString();
      const jobs = wanted.map(
        ({ externalId }): RefreshJob => ({ connector: name, externalId, toldAt, lane: 'background', imports: true }),
      );
      await store.transaction(async (transaction) => {
        await queueRefreshes(context, transaction, jobs);
        if (!page.isEnd && page.cursor !== cursor) {
          await queue.enqueue('import', [{ connector: name, since, cursor: page.cursor }], transaction.executor);
        }
      });
      logger.info(
        { connector: name, tickets: jobs.length, isEnd: page.isEnd },
        'a page of older tickets is being imported',
      );
    },
  };
}
