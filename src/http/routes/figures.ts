import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { InputError } from '../../errors.ts';
import type { CountedTickets, SeriesStep } from '../../store/store.ts';
import { presentIntent } from '../../taxonomy/resolve-intent.ts';
import {
  correctionsQuerySchema,
  correctionsSchema,
  countQuerySchema,
  countsSchema,
  seriesQuerySchema,
  seriesSchema,
  spendingSchema,
} from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { assertKnownFilter, filterBy } from '../ticket-filter.ts';
import { jsonResponse, problemResponse } from './responses.ts';

const DAY_MS = 24 * 60 * 60_000;
const DEFAULT_DAYS = 30;
/** More points than a chart has pixels for. */
const MAX_POINTS = 1_000;
const stepMs: Readonly<Record<SeriesStep, number>> = { hour: 60 * 60_000, day: DAY_MS };

/** Numbers of tickets and what they cost, for the page and for dashboards. */
export function figureRoutes(app: HttpApp): FastifyPluginCallbackZod {
  const present = (intent: string | null) => (intent === null ? null : presentIntent(app.taxonomy, intent));
  return (fastify, _options, done) => {
    fastify.get(
      '/v1/counts',
      {
        schema: {
          summary: 'Count tickets by a field',
          description:
            'Tickets that were received in a time and match all filters, which are those of the list. Intents have their present ids.',
          tags: ['figures'],
          querystring: countQuerySchema,
          response: { 200: jsonResponse('The counts', countsSchema), default: problemResponse },
        },
      },
      async (request) => {
        const { by, ...query } = request.query;
        const tickets = await countedBy(app, query);
        const counts = new Map<string | null, number>();
        for (const [stored, count] of await app.store.figures.counts({ by, ...tickets })) {
          const value = by === 'intent' ? present(stored) : stored;
          counts.set(value, (counts.get(value) ?? 0) + count);
        }
        const items = [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
        return { by, ...shownRange(tickets), total: items.reduce((sum, { count }) => sum + count, 0), items };
      },
    );

    fastify.get(
      '/v1/series',
      {
        schema: {
          summary: 'Figures of tickets over time',
          description:
            'For each hour or day in which tickets were received: how many, by which stage they were decided, how sure, how soon and at what cost, and how many were corrected. Filters are those of the list.',
          tags: ['figures'],
          querystring: seriesQuerySchema,
          response: { 200: jsonResponse('One point for each step', seriesSchema), default: problemResponse },
        },
      },
      async (request) => {
        const { step = 'hour', ...query } = request.query;
        const { since, until, filter } = await countedBy(app, query);
        assertFewPoints({ step, since, until });
        const start = new Date(Math.floor(since.getTime() / stepMs[step]) * stepMs[step]);
        const points = await app.store.figures.series({ step, since: start, until, filter });
        return { step, ...shownRange({ since: start, until }), points: [...points] };
      },
    );

    fastify.get(
      '/v1/spending',
      {
        schema: {
          summary: 'What models have cost today',
          tags: ['figures'],
          response: { 200: jsonResponse('Spending and budget', spendingSchema), default: problemResponse },
        },
      },
      async () => {
        const until = new Date();
        const day = until.toISOString().slice(0, 10);
        const [{ budgetUsd }, todayUsd, cost] = await Promise.all([
          app.modelStatus(),
          app.store.spend.todayUsd(),
          app.store.figures.cost({ since: new Date(day), until }),
        ]);
        return {
          day,
          todayUsd,
          budgetUsd,
          perTicketUsd: cost.tickets === 0 ? null : cost.usd / cost.tickets,
        };
      },
    );

    fastify.get(
      '/v1/corrections',
      {
        schema: {
          summary: 'What people corrected',
          description:
            'What classifications said, and what people said instead in feedback of this time, also where that waits for a review.',
          tags: ['figures'],
          querystring: correctionsQuerySchema,
          response: { 200: jsonResponse('Corrections by intent', correctionsSchema), default: problemResponse },
        },
      },
      async (request) => {
        const range = readRange(request.query);
        const corrected = await app.store.figures.corrections(range);
        const said = corrected.map(({ intent, to, count }) => ({ intent: present(intent), to: present(to), count }));
        return { ...shownRange(range), items: groupCorrections(said) };
      },
    );
    done();
  };
}

type Correction = { readonly intent: string | null; readonly to: string | null; readonly count: number };

function groupCorrections(corrections: readonly Correction[]) {
  // An intent that has another name now is no correction.
  const real = corrections.filter(({ intent, to }) => intent !== to);
  return [...Map.groupBy(real, ({ intent }) => intent)]
    .map(([intent, group]) => {
      const to = [...Map.groupBy(group, (item) => item.to)]
        .map(([said, same]) => ({ intent: said, count: total(same) }))
        .sort((a, b) => b.count - a.count);
      return { intent, corrected: total(group), to };
    })
    .sort((a, b) => b.corrected - a.corrected);
}

const total = (items: readonly { readonly count: number }[]) => items.reduce((sum, { count }) => sum + count, 0);

type Range = { readonly since: Date; readonly until: Date };
type CountQuery = Omit<z.output<typeof countQuerySchema>, 'by'>;

async function countedBy(app: HttpApp, query: CountQuery): Promise<Required<CountedTickets>> {
  const { since, until, ...filter } = query;
  const range = readRange({ since, until });
  await assertKnownFilter(app, filter);
  return { ...range, filter: filterBy(app, filter) };
}

function readRange({ since, until }: { since?: string | undefined; until?: string | undefined }): Range {
  const end = until === undefined ? new Date() : new Date(until);
  const start = since === undefined ? new Date(end.getTime() - DEFAULT_DAYS * DAY_MS) : new Date(since);
  if (start >= end) {
    const message = `since (${start.toISOString()}) is not before until (${end.toISOString()}). Choose a time that has a length.`;
    throw new InputError({ message, issues: [{ path: 'since', message: 'is not before until' }] });
  }
  return { since: start, until: end };
}

const shownRange = ({ since, until }: Range) => ({ since: since.toISOString(), until: until.toISOString() });

function assertFewPoints({ step, since, until }: Range & { readonly step: SeriesStep }): void {
  const points = Math.ceil((until.getTime() - since.getTime()) / stepMs[step]);
  if (points <= MAX_POINTS) return;
  const cure = step === 'hour' ? 'Use step=day, or a shorter time.' : 'Choose a shorter time.';
  const message = `The time has ${points} steps of one ${step}, and at most ${MAX_POINTS} are returned. ${cure}`;
  throw new InputError({ message, issues: [{ path: 'since', message: `more than ${MAX_POINTS} steps` }] });
}
