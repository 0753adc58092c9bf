import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { describeSetup } from '../../doctor/describe-setup.ts';
import type { Measured } from '../../doctor/describe-steps.ts';
import type { Examination } from '../../doctor/examine-server.ts';
import { openRunCatalogue } from '../../evaluation/run/run-catalogue.ts';
import type { RunSummary } from '../../evaluation/run/summarise-runs.ts';
import { doctorSchema, setupSchema } from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { jsonResponse, problemResponse } from './responses.ts';

/** So many runs are looked at for one that has passed, or is complete. */
const RUNS_LOOKED_AT = 20;
const tags = ['operations'];

function measuredBy(runs: readonly RunSummary[]): Measured {
  const found = runs.find(({ gate }) => gate === true) ?? runs.find(({ gate }) => gate !== null);
  return found === undefined ? null : { run: found.run, passed: found.gate === true };
}

/** Says what runs and what is missing, and examines the server as `switchboard doctor` does. */
export function setupRoutes({ app, version }: { app: HttpApp; version: string }): FastifyPluginCallbackZod {
  const runs = openRunCatalogue(app.config);
  let examine: (() => Promise<Examination>) | null = null;
  return (fastify, _options, done) => {
    fastify.get(
      '/v1/setup',
      {
        schema: {
          summary: 'What runs here',
          description:
            'The engine and why it is that one, the store, connectors with their modes, teams, and what leads from a fresh installation to one that is live. Never a secret.',
          tags,
          response: { 200: jsonResponse('The set-up', setupSchema), default: problemResponse },
        },
      },
      async () => {
        const [health, tickets, evaluations] = await Promise.all([
          app.health(),
          app.store.tickets.list({ limit: 1 }),
          runs.list({ limit: RUNS_LOOKED_AT }),
        ]);
        const setup = describeSetup({
          config: app.config,
          company: app.taxonomy.name,
          engine: app.engine,
          health,
          hasTickets: tickets.items.length > 0,
          measured: measuredBy(evaluations.items),
        });
        return { version, ...setup };
      },
    );

    fastify.get(
      '/v1/doctor',
      {
        schema: {
          summary: 'Examine the server',
          description:
            'Finds what `switchboard doctor` finds: of the files, the engine, the store, the helpdesks and, with one cheap call at most every ten minutes, of Claude. It changes nothing and may take seconds. The findings are kept for 30 s.',
          tags,
          response: { 200: jsonResponse('What was found', doctorSchema), default: problemResponse },
        },
      },
      async () => {
        // Loaded when it is asked for: it reads files and helpdesks with code that no other request needs.
        const { createServerDoctor } = await import('../../doctor/examine-server.ts');
        examine ??= createServerDoctor(app);
        const { checkedAt, findings } = await examine();
        return { checkedAt, ok: findings.every(({ status }) => status !== 'failed'), findings: [...findings] };
      },
    );
    done();
  };
}
