// Test double: prompt caching as documented: minimum length, lifetime, and readable once the response has begun.
import { createHash } from 'node:crypto';
import { estimateTokens } from '../classifiers/claude/estimate-tokens.ts';
import { blocksOf, type CheckedBody } from './fake-claude-request.ts';

/** Tokens of the short description of the format that the API adds for structured output. */
const FORMAT_TOKENS = 40;
const lifetimesMs = { '5m': 300_000, '1h': 3_600_000 } as const;

export type CacheCount = {
  readonly promptTokens: number;
  readonly readTokens: number;
  readonly write5mTokens: number;
  readonly write1hTokens: number;
};

export type FakeCache = {
  /** Counts one request that starts now. Call `begin` when the response begins: it makes the cached prompt readable. */
  count(checked: CheckedBody): CacheCount & { begin(): void };
};

export function createFakeCache({ now }: { now: () => number }): FakeCache {
  const expiry = new Map<string, number>();

  return {
    count(checked) {
      const startedAt = now();
      const prefixes = markedPrefixes(checked);
      const longEnough = prefixes.filter(({ tokens }) => tokens >= checked.model.cacheMinimumTokens);
      const hit = longEnough.findLast(({ key }) => (expiry.get(key) ?? 0) > startedAt);
      const readTokens = hit?.tokens ?? 0;
      const written = longEnough.filter(({ tokens }) => tokens > readTokens);
      const writtenAt = (ttl: '5m' | '1h') => {
        const own = written.filter((prefix) => prefix.ttl === ttl).at(-1)?.tokens ?? readTokens;
        const before = ttl === '5m' ? Math.max(readTokens, lastTokens(written, '1h')) : readTokens;
        return Math.max(0, own - before);
      };
      const refresh = () => {
        for (const { key, ttl } of longEnough) expiry.set(key, startedAt + lifetimesMs[ttl]);
      };
      if (hit !== undefined) expiry.set(hit.key, startedAt + lifetimesMs[hit.ttl]);
      return {
        promptTokens: promptTokens(checked),
        readTokens,
        write5mTokens: writtenAt('5m'),
        write1hTokens: writtenAt('1h'),
        begin: refresh,
      };
    },
  };
}

type Prefix = { readonly key: string; readonly tokens: number; readonly ttl: '5m' | '1h' };

const lastTokens = (prefixes: readonly Prefix[], ttl: '5m' | '1h') =>
  prefixes.filter((prefix) => prefix.ttl === ttl).at(-1)?.tokens ?? 0;

/** The prompt up to each cache breakpoint. Effort and thinking only affect the prefixes that reach into `messages`. */
function markedPrefixes({ body }: CheckedBody): Prefix[] {
  const hash = createHash('sha256').update(
    JSON.stringify([body.model, body.tools ?? [], body.output_config?.format ?? null]),
  );
  let tokens = formatTokens(body);
  let inMessages = false;
  const prefixes: Prefix[] = [];
  const blocks = blocksOf(body);
  blocks.forEach(({ part, block }, at) => {
    if (part === 'messages' && !inMessages) {
      inMessages = true;
      hash.update(JSON.stringify([body.thinking ?? null, body.output_config?.effort ?? null]));
    }
    hash.update(JSON.stringify([part, block.text]));
    tokens += estimateTokens(block.text);
    const isLast = at === blocks.length - 1;
    const mark = block.cache_control ?? (isLast ? body.cache_control : null);
    if (mark != null) prefixes.push({ key: hash.copy().digest('hex'), tokens, ttl: mark.ttl ?? '5m' });
  });
  return prefixes;
}

function promptTokens({ body }: CheckedBody): number {
  return blocksOf(body).reduce((sum, { block }) => sum + estimateTokens(block.text), formatTokens(body));
}

const formatTokens = (body: CheckedBody['body']) => (body.output_config?.format == null ? 0 : FORMAT_TOKENS);
