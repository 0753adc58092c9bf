import Anthropic from '@anthropic-ai/sdk';
import { createModelAccount, createModelUse, type ModelAccount, type ModelUse } from '../../model-api/model-account.ts';
import { type CacheWarmUp, createCacheWarmUp } from './cache-warm-up.ts';

/** The client of one account of Claude, with what all calls to it share. */
export type ClaudeConnection = {
  readonly client: Anthropic;
  readonly account: ModelAccount;
  readonly warmUp: CacheWarmUp;
};

export type ConnectionOptions = {
  readonly apiKey: string;
  /** Null for Anthropic's own address. */
  readonly baseUrl: string | null;
  /** Calls that may run at the same time; further ones wait. 64 when left out. */
  readonly concurrency?: number;
  /** Shared with other accounts; when left out, one of this process without a daily budget. */
  readonly use?: ModelUse;
  readonly fetch?: typeof fetch;
};

/** Opens no socket before the first call. Classifiers of one account share a connection, and with it its limits. */
export function createClaudeConnection(options: ConnectionOptions): ClaudeConnection {
  const { use = createModelUse(), concurrency } = options;
  return {
    client: new Anthropic({
      apiKey: options.apiKey,
      ...(options.baseUrl === null ? {} : { baseURL: options.baseUrl }),
      ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
      maxRetries: 0, // callModel retries, within deadline, budget and the longest accepted retry-after
      logLevel: 'off', // at `debug` the SDK would log request bodies, that is ticket text
    }),
    account: createModelAccount({ use, concurrency }),
    warmUp: createCacheWarmUp({ now: use.now }),
  };
}
