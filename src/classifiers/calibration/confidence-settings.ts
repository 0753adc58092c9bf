import { z } from 'zod';
import { shareSchema } from '../../base/share.ts';

/** Stands in each alternative for a field of the other one, so that both together give a clear message. */
const excluded = (other: string) =>
  z.never({ error: `this and ${other} exclude each other. Keep targetPrecision, or the two costs` }).optional();

const precisionSchema = z
  .strictObject({
    targetPrecision: shareSchema({ min: 0.5, max: 0.999 }),
    wrongRouteUsd: excluded('targetPrecision'),
    humanLookUsd: excluded('targetPrecision'),
  })
  .describe('Share of the tickets routed without a look that must be right; the threshold follows from it.');

const costsSchema = z
  .strictObject({
    wrongRouteUsd: z.number().positive(),
    humanLookUsd: z.number().positive(),
    targetPrecision: excluded('wrongRouteUsd with humanLookUsd'),
  })
  .describe('Cost of a wrong route and of a look by a person; the threshold follows from them.');

/** `confidence:` of the configuration: a precision among answered tickets, or the two costs that imply a threshold. */
export const confidenceTargetSchema = z.union([precisionSchema, costsSchema]);
