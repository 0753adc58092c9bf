import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { openRunCatalogue } from '../../evaluation/run/run-catalogue.ts';
import {
  comparisonQuerySchema,
  comparisonSchema,
  runListSchema,
  runParamsSchema,
  runQuerySchema,
  runSchema,
} from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { jsonResponse, problemResponse } from './responses.ts';

const DEFAULT_RUNS = 50;
const tags = ['evaluation'];

/** A report is one page without scripts: its own styles and its drawings are all that it may have. */
const reportPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    styleSrc: ["'unsafe-inline'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'self'"],
    sandbox: [],
  },
};

/** Shows evaluations: their scores, their reports, and which of two is better. Makes none. */
export function runRoutes(app: Pick<HttpApp, 'config'>): FastifyPluginCallbackZod {
  const runs = openRunCatalogue(app.config);
  return (fastify, _options, done) => {
    fastify.get(
      '/v1/runs',
      {
        schema: {
          summary: 'List the evaluations',
          description:
            'Runs of `switchboard evaluate` in the folder `evaluation.runs`, the newest first. Folders that cannot be read are left out.',
          tags,
          querystring: runQuerySchema,
          response: { 200: jsonResponse('The runs', runListSchema), default: problemResponse },
        },
      },
      async (request) => {
        const { limit = DEFAULT_RUNS } = request.query;
        return { folder: runs.folder, ...(await runs.list({ limit })) };
      },
    );

    fastify.get(
      '/v1/runs/:id',
      {
        schema: {
          summary: 'Show an evaluation',
          description: 'Its manifest, and its score as `switchboard evaluate --json` prints it.',
          tags,
          params: runParamsSchema,
          response: { 200: jsonResponse('The run', runSchema), default: problemResponse },
        },
      },
      async (request) => runs.get(request.params.id),
    );

    fastify.get(
      '/v1/runs/:id/report',
      {
        helmet: { contentSecurityPolicy: reportPolicy },
        schema: {
          summary: 'The report of an evaluation, as a page',
          description:
            'Made from the run and from its data set, which must not have changed since. It contains texts of tickets. 409 while the run is not complete.',
          tags,
          params: runParamsSchema,
          response: {
            200: { description: 'The report', content: { 'text/html': { schema: z.string() } } },
            default: problemResponse,
          },
        },
      },
      async (request, reply) => {
        const report = await runs.report(request.params.id);
        return reply
          .header('content-type', 'text/html; charset=utf-8')
          .header('cache-control', 'no-store')
          .send(report);
      },
    );

    fastify.get(
      '/v1/comparisons',
      {
        schema: {
          summary: 'Compare two evaluations',
          description:
            'Which of two runs on the same tickets is better, and whether that could be chance, as `switchboard compare --json` prints it.',
          tags,
          querystring: comparisonQuerySchema,
          response: { 200: jsonResponse('The comparison', comparisonSchema), default: problemResponse },
        },
      },
      async (request) => runs.compare(request.query),
    );
    done();
  };
}
