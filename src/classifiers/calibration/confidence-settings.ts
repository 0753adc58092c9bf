import { z } from 'zod';
import { shareSchema } from '../../base/share.ts';

/** A field of the other alternative, so that a configuration with both is refused with a reason. */
const excluded = (other: string) =>
  z.never({ error: `this and ${other} exclude each other. Keep targetPrecision, or the two costs` }).optional();

const precisionSchema = z
  .strictObject({
    targetPrecision: shareSchema({ min: 0.5, max: 0.999 }).describe(
      'Share of the tickets decided without a person that must be right, for example 0.95.',
    ),
    wrongRouteUsd: excluded('targetPrecision'),
    humanLookUsd: excluded('targetPrecision'),
  })
  .describe('The precision to keep; the confidence that an engine needs follows from it.');

const costsSchema = z
  .strictObject({
    wrongRouteUsd: z.number().positive().describe('Cost in USD of a ticket that goes to the wrong team.'),
    humanLookUsd: z.number().positive().describe('Cost in USD of a person reading a ticket and choosing its team.'),
    targetPrecision: excluded('wrongRouteUsd with humanLookUsd'),
  })
  .describe('Two costs; the confidence that an engine needs follows from them.');

/** `confidence:` of the configuration: a precision among answered tickets, or the two costs that imply a threshold. */
export const confidenceTargetSchema = z.union([precisionSchema, costsSchema]);
