import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  calibratedEngineSchema,
  calibrationAppliedSchema,
  calibrationBodySchema,
  calibrationListSchema,
} from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { actorOf } from '../request-actor.ts';
import { emptyResponse, jsonResponse, problemResponse } from './responses.ts';

/** Lists calibrations, applies one (`switchboard calibrate --apply` sends it here) and drops one. */
export function calibrationRoutes(app: HttpApp): FastifyPluginCallbackZod {
  return (fastify, _options, done) => {
    fastify.get(
      '/v1/calibrations',
      {
        schema: {
          summary: 'List the calibrations',
          description: 'Those of the taxonomy in use, at most one of each engine, with who applied them and when.',
          tags: ['operations'],
          response: { 200: jsonResponse('The calibrations', calibrationListSchema), default: problemResponse },
        },
      },
      async () => ({ items: [...(await app.listCalibrations())] }),
    );
    fastify.post(
      '/v1/calibrations',
      {
        schema: {
          summary: 'Apply a calibration',
          description:
            'It replaces the calibration of its engine. All processes on this store use it from then on, and decisions get a new release id.',
          tags: ['operations'],
          body: calibrationBodySchema,
          response: {
            200: jsonResponse('The calibration is applied', calibrationAppliedSchema),
            default: problemResponse,
          },
        },
      },
      async (request) => {
        await app.applyCalibration({ calibration: request.body, actor: actorOf(request) });
        const { engine, version } = request.body;
        return { engine, version };
      },
    );
    fastify.delete(
      '/v1/calibrations/:engine',
      {
        schema: {
          summary: 'Drop a calibration',
          description:
            'The engine is not calibrated from then on, in all processes on this store, and decisions get a new release id.',
          tags: ['operations'],
          params: z.object({ engine: calibratedEngineSchema }),
          response: { 204: emptyResponse('The calibration is dropped'), default: problemResponse },
        },
      },
      async (request, reply) => {
        await app.dropCalibration({ engine: request.params.engine, actor: actorOf(request) });
        return reply.code(204).send(null);
      },
    );
    done();
  };
}
