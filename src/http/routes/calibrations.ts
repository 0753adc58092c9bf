import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { calibrationAppliedSchema, calibrationBodySchema } from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { actorOf } from '../request-actor.ts';
import { jsonResponse, problemResponse } from './responses.ts';

/** Applies a calibration: `switchboard calibrate --apply` sends it here. */
export function calibrationRoutes(app: HttpApp): FastifyPluginCallbackZod {
  return (fastify, _options, done) => {
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
    done();
  };
}
