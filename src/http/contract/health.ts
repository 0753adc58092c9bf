import { z } from 'zod';
import { sayingSchema } from '../../base/saying-schema.ts';

/** Webhooks that were not accepted, for one connector or for none. Of the process that answers. */
export const refusedShape = {
  today: z.number().int().describe('Since midnight (UTC), or since the process started.'),
  total: z.number().int().describe('Since the process started.'),
  lastAt: z.iso.datetime(),
  lastWhy: z.string().describe('Why the last one was not accepted; nothing of what it said.'),
  lastWhyFacts: sayingSchema,
};

export const healthSchema = z.object({
  ready: z.boolean(),
  store: z.object({
    kind: z.enum(['embedded', 'postgresql']),
    location: z.string(),
    ok: z.boolean(),
    error: z.string().nullable(),
  }),
  queue: z.object({
    ok: z.boolean(),
    waiting: z.number().int().describe('Tickets that are not decided yet.'),
    oldestSeconds: z.number().nullable().describe('For how long the first of them has waited; null when none waits.'),
    active: z.number().int().describe('Jobs that workers are doing now.'),
  }),
  worker: z.object({ running: z.boolean() }),
  engine: z.object({ kind: z.enum(['local', 'claude', 'cascade', 'http']), why: z.string(), whyFacts: sayingSchema }),
  examples: z.number().int().describe('Stored examples that the engine learns from.'),
  examplesBySource: z
    .object({ file: z.number().int(), import: z.number().int(), feedback: z.number().int() })
    .nullable()
    .describe("`file`: from the company's own files; `import`: imported; `feedback`: from corrections."),
  unknownIntents: z
    .record(z.string(), z.number().int())
    .describe('Stored examples that are not used, counted by their intent, which the taxonomy does not have.'),
  helpdesks: z
    .array(
      z.object({
        connector: z.string(),
        polledAt: z.iso.datetime().nullable().describe('When it was last read without an error.'),
        isCaughtUp: z.boolean().describe('False while older changes are still being read.'),
      }),
    )
    .readonly()
    .describe('The helpdesks that are asked for changes.'),
  refusedWebhooks: z
    .array(
      z.object({
        connector: z.string().nullable().describe('Null: for a connector that receives none here.'),
        ...refusedShape,
      }),
    )
    .readonly()
    .describe('Webhooks that this process has not accepted: not signed right, too old, or for nobody.'),
  degraded: z
    .array(
      z.object({
        part: z.string(),
        why: z.string(),
        whyFacts: sayingSchema,
        since: z.iso.datetime(),
        starting: z
          .object({ done: z.number(), total: z.number().nullable() })
          .optional()
          .describe('How far it is, while it only starts: nothing is wrong then. Missing for a part that fails.'),
      }),
    )
    .describe('Parts that do not work as they should. Tickets are still accepted.'),
});
