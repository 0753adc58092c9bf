import type { Clock } from '../base/clock.ts';
import type { CreateId } from '../base/ids.ts';
import type { Logger } from '../base/logger.ts';
import type { Classifier } from '../classifiers/classifier.ts';
import type { Connector } from '../connectors/connector.ts';
import type { SharedFields } from '../connectors/connector-settings.ts';
import type { Queue } from '../queue/queue.ts';
import type { RoutingConfig } from '../routing/routing-config.ts';
import type { Store } from '../store/store.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';

/** A connector with the fields of its configuration that all connectors have: modes, intake, polling, the note. */
export type ConfiguredConnector = SharedFields & { readonly connector: Connector };

/** The configuration of learning from corrections. */
export type LearningPolicy = {
  /** `immediate`: a corrected intent becomes an example at once; `review`: only after somebody approves it. */
  readonly feedback: 'immediate' | 'review';
  /** The number of corrections per actor and hour that are learned at once; further ones wait for a review. */
  readonly maxCorrectionsPerHour: number;
  /** Decisions with less confidence wait for a review. */
  readonly reviewBelow: number;
};

/** What the steps of the pipeline use; src/app.ts builds it. */
export type PipelineContext = {
  readonly store: Store;
  readonly queue: Pick<Queue, 'enqueue'>;
  readonly classifier: Classifier;
  readonly taxonomy: Taxonomy;
  readonly routing: RoutingConfig;
  /** By name in the configuration. */
  readonly connectors: ReadonlyMap<string, ConfiguredConnector>;
  readonly learning: LearningPolicy;
  /** Whether tickets are redacted before they are stored as examples. */
  readonly redaction: boolean;
  /** Returns the id of the current release; null when none is known. */
  readonly release: () => string | null;
  readonly now: Clock;
  readonly createId: CreateId;
  readonly logger: Logger;
};

/** The connector of tickets that are posted to /v1/tickets. */
export const API_CONNECTOR = 'api';
