import Anthropic from '@anthropic-ai/sdk';
import { createModelAccount, createModelUse, type ModelAccount, type ModelUse } from '../../model-api/model-account.ts';
import { type CacheWarmUp, createCacheWarmUp } from './cache-warm-up.ts';

/** Claude for all who ask it with one account. */
export type ClaudeConnection = {
  readonly client: Anthropic;
  readonly account: ModelAccount;
  readonly warmUp: CacheWarmUp;
};

export type ConnectionOptions = {
  readonly apiKey: string;
  /** Null for Anthropic's own. */
  readonly baseUrl: string | null;
  /** Calls at the same time; more wait for a place. */
  readonly concurrency?: number;
  /** Shared with other accounts; one without a daily budget when left out. */
  readonly use?: ModelUse;
  readonly fetch?: typeof fetch;
};

/** Opens no socket: the first call does. One connection serves several classifiers, so that they share its limits. */
export function createClaudeConnection(options: ConnectionOptions): ClaudeConnection {
  const { use = createModelUse(), concurrency } = options;
  return {
    client: new Anthropic({
      apiKey: options.apiKey,
      ...(options.baseUrl === null ? {} : { baseURL: options.baseUrl }),
      ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
      maxRetries: 0, // callModel retries: it knows the deadline, the money and the bound on retry-after
      logLevel: 'off', // at `debug` the SDK would log request bodies, that is ticket text
    }),
    account: createModelAccount({ use, concurrency }),
    warmUp: createCacheWarmUp({ now: use.now }),
  };
}
