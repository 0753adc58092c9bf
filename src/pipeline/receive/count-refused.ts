import type { Clock } from '../../base/clock.ts';
import type { Saying } from '../../base/say.ts';

/** Webhooks that this process has refused. The store keeps none of it: whoever forges webhooks must not fill it. */
export type RefusedWebhooks = {
  /** Null: for a connector that receives none here. */
  readonly connector: string | null;
  /** Since midnight (UTC), or since the process started. */
  readonly today: number;
  /** Since the process started. */
  readonly total: number;
  /** ISO 8601. */
  readonly lastAt: string;
  /** Why the last one was refused, without a word of it. */
  readonly lastWhy: string;
  readonly lastWhyFacts: Saying['facts'];
};

export type RefusedCount = {
  add(refused: Pick<RefusedWebhooks, 'connector'> & { readonly why: Saying }): void;
  /** By connector, those for no connector last. */
  all(): readonly RefusedWebhooks[];
};

const dayOf = (at: string) => at.slice(0, 10);

export function createRefusedCount({ now }: { now: Clock }): RefusedCount {
  const known = new Map<string | null, RefusedWebhooks>();
  /** The same with the number of today, where the last one is of an earlier day. */
  const asOf = (at: string, entry: RefusedWebhooks): RefusedWebhooks =>
    dayOf(entry.lastAt) === dayOf(at) ? entry : { ...entry, today: 0 };
  return {
    add({ connector, why }) {
      const lastAt = now().toISOString();
      const before = known.get(connector);
      const { today, total } = before === undefined ? { today: 0, total: 0 } : asOf(lastAt, before);
      const last = { lastAt, lastWhy: why.text, lastWhyFacts: why.facts };
      known.set(connector, { connector, today: today + 1, total: total + 1, ...last });
    },
    all() {
      const at = now().toISOString();
      const name = ({ connector }: RefusedWebhooks) => connector ?? '~';
      return [...known.values()].map((entry) => asOf(at, entry)).sort((a, b) => (name(a) < name(b) ? -1 : 1));
    },
  };
}
