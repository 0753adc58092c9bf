import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { keepBriefly } from '../../base/keep-briefly.ts';
import { countIntents } from '../../taxonomy/count-intents.ts';
import { presentIntent } from '../../taxonomy/resolve-intent.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { taxonomyViewSchema } from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { jsonResponse, problemResponse } from './responses.ts';

const COUNTED_MS = 30 * 24 * 60 * 60_000;
const MAX_PAIRS = 20;
/** Every page that names intents asks for the tree, and a month of a large store need not be counted for each. */
const KEPT_MS = 10_000;

/** Shows the tree of intents with what happened to each. */
export function taxonomyRoutes(
  app: Pick<HttpApp, 'taxonomy'> & { readonly store: Pick<HttpApp['store'], 'figures' | 'examples'> },
): FastifyPluginCallbackZod {
  const { taxonomy, store } = app;
  const readFigures = keepBriefly({
    keptMs: () => KEPT_MS,
    find: async () => {
      const until = new Date();
      const since = new Date(until.getTime() - COUNTED_MS);
      const [tickets, corrections] = await Promise.all([
        store.figures.counts({ by: 'intent', since, until }),
        store.figures.corrections({ since, until }),
      ]);
      return { since, tickets, corrections };
    },
  });
  return (fastify, _options, done) => {
    fastify.get(
      '/v1/taxonomy',
      {
        schema: {
          summary: 'The tree of intents, with numbers',
          description:
            'Each intent with its tickets and corrections of the last 30 days and the examples that the engine learns from, and the pairs that people corrected most often. Numbers of tickets and corrections are up to 10 s old.',
          tags: ['taxonomy'],
          response: { 200: jsonResponse('The tree', taxonomyViewSchema), default: problemResponse },
        },
      },
      async () => {
        const [{ since, tickets, corrections }, examples] = await Promise.all([
          readFigures(),
          store.examples.countByIntent(),
        ]);
        const pairs = pairsOf(taxonomy, corrections);
        const corrected = pairs.map(({ intent, count }) => [intent, count] as const);
        return {
          name: taxonomy.name,
          version: taxonomy.version,
          since: since.toISOString(),
          intents: countIntents(taxonomy, { tickets, examples, corrections: corrected }),
          confused: pairs.slice(0, MAX_PAIRS),
        };
      },
    );
    done();
  };
}

type Corrections = Awaited<ReturnType<HttpApp['store']['figures']['corrections']>>;

/** Pairs of what was decided and what people said instead, by their ids of today; the most often first. */
function pairsOf(taxonomy: Taxonomy, corrections: Corrections) {
  const present = (id: string | null) => (id === null ? null : presentIntent(taxonomy, id));
  const pairs = new Map<string, { readonly intent: string; readonly with: string | null; readonly count: number }>();
  for (const { intent: decided, to, count } of corrections) {
    const intent = present(decided);
    const said = present(to);
    // An intent that has another name now is no correction, nor is one where no engine had named any.
    if (intent === null || intent === said) continue;
    const key = JSON.stringify([intent, said]);
    pairs.set(key, { intent, with: said, count: count + (pairs.get(key)?.count ?? 0) });
  }
  return [...pairs.values()].sort((a, b) => b.count - a.count || (a.intent < b.intent ? -1 : 1));
}
