import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { CALIBRATION_LIMIT_BYTES, calibrationAppliedSchema, calibrationBodySchema } from '../contract.ts';
import type { HttpApp } from '../http-app.ts';
import { actorOf } from '../request-actor.ts';
import { describedAnswer, problemAnswer } from './answers.ts';

/** How far engines can be trusted: what `switchboard calibrate --apply` sends. */
export function calibrationRoutes(app: HttpApp): FastifyPluginCallbackZod {
  return (fastify, _options, done) => {
    fastify.post(
      '/v1/calibrations',
      {
        bodyLimit: CALIBRATION_LIMIT_BYTES,
        schema: {
          summary: 'Apply a calibration',
          description:
            'In place of the one that its engine has. All processes on this store go by it from then on; decisions carry another release.',
          tags: ['operations'],
          body: calibrationBodySchema,
          response: { 200: describedAnswer('It is applied', calibrationAppliedSchema), default: problemAnswer },
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
