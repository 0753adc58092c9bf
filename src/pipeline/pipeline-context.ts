import type { Logger } from '../base/logger.ts';
import type { Classifier } from '../classifiers/classifier.ts';
import type { Example } from '../classifiers/retrieval/example-index.ts';
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

/** What the steps of the pipeline work with; app.ts builds it. */
export type PipelineContext = {
  readonly store: Store;
  readonly queue: Pick<Queue, 'enqueue'>;
  readonly classifier: Classifier;
  readonly taxonomy: Taxonomy;
  readonly routing: RoutingConfig;
  /** By name in the configuration. */
  readonly connectors: ReadonlyMap<string, ConfiguredConnector>;
  /** Teaches the engine that runs in this process. */
  readonly learn: (examples: readonly Example[]) => Promise<void>;
  readonly now: () => Date;
  /** A fresh id that starts with `prefix`. */
  readonly createId: (prefix: string) => string;
  readonly logger: Logger;
};

/** The connector that POST /v1/tickets comes in by. */
export const API_CONNECTOR = 'api';
