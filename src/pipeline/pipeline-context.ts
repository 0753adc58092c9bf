import type { Clock } from '../base/clock.ts';
import type { CreateId } from '../base/ids.ts';
import type { Logger } from '../base/logger.ts';
import type { Classifier } from '../classifiers/classifier.ts';
import type { Connector } from '../connectors/connector.ts';
import type { Queue } from '../queue/queue.ts';
import type { Mode } from '../routing/decision.ts';
import type { RoutingConfig } from '../routing/routing-config.ts';
import type { Store } from '../store/store.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';

/** A connector with what the configuration says about writing to it. */
export type ConfiguredConnector = {
  readonly connector: Connector;
  readonly mode: Mode;
  /** Mode by intent, by `parent/*` or by `*`. */
  readonly modes: Readonly<Record<string, Mode>>;
};

/** What becomes of corrections. */
export type LearningPolicy = {
  /** `immediate`: a right intent is an example at once; `review`: it waits until somebody approves it. */
  readonly feedback: 'immediate' | 'review';
  /** At most this many corrections of one actor per hour take effect at once; further ones wait for a review. */
  readonly maxCorrectionsPerHour: number;
};

/** What the steps of the pipeline work with; app.ts builds it. */
export type PipelineContext = {
  readonly store: Store;
  readonly queue: Pick<Queue, 'enqueue'>;
  readonly classifier: Classifier;
  readonly taxonomy: Taxonomy;
  readonly routing: RoutingConfig;
  /** By name in the configuration. */
  readonly connectors: ReadonlyMap<string, ConfiguredConnector>;
  readonly learning: LearningPolicy;
  /** Whether what identifies people is taken out of tickets before they are kept as examples. */
  readonly redaction: boolean;
  /** Id of the release that decides now; null where none is known. */
  readonly release: () => string | null;
  readonly now: Clock;
  readonly createId: CreateId;
  readonly logger: Logger;
};

/** The connector that POST /v1/tickets comes in by. */
export const API_CONNECTOR = 'api';
