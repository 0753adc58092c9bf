import { z } from 'zod';
import { sayingSchema } from '../../base/saying-schema.ts';
import { setupSteps } from '../../doctor/describe-steps.ts';
import { modes } from '../../routing/decision.ts';
import { refusedShape } from './health.ts';

const refusedSchema = z.object(refusedShape).nullable();

export const setupSchema = z.object({
  version: z.string(),
  company: z.string().nullable().describe('Name of the company in the taxonomy; null where there is none.'),
  isSample: z.boolean().describe('True where there is no configuration, so that the sample company is used.'),
  config: z.string().nullable().describe('The configuration file; null for the sample company.'),
  engine: z.object({ kind: z.enum(['local', 'claude', 'cascade', 'http']), why: z.string(), whyFacts: sayingSchema }),
  store: z.object({ kind: z.enum(['embedded', 'postgresql']), location: z.string() }),
  learning: z.object({
    feedback: z.enum(['immediate', 'review']),
    maxCorrectionsPerHour: z.number().int(),
    reviewBelow: z.number().describe('Accepted answers below this confidence wait for a look by a person.'),
  }),
  redaction: z.boolean(),
  connectors: z
    .array(
      z.object({
        name: z.string(),
        type: z.string(),
        title: z.string().describe('The helpdesk, such as `Zendesk`.'),
        mode: z.enum(modes),
        modes: z.record(z.string(), z.enum(modes)).describe('By intent, where it differs from `mode`.'),
        poll: z.number().nullable().describe('Seconds between two reads at the most; null where it is not asked.'),
        state: z
          .enum(['working', 'catching-up', 'failing', 'unread'])
          .describe(
            '`unread`: it is not asked for changes, or was not yet. `catching-up`: older changes are being read.',
          ),
        polledAt: z.iso.datetime().nullable().describe('When it was last read without an error.'),
        why: z.string().nullable().describe('What is wrong with it; null when nothing is known to be.'),
        whyFacts: sayingSchema,
        refused: refusedSchema.describe('Its webhooks that this process has not accepted; null when there were none.'),
      }),
    )
    .readonly(),
  refusedForNobody: refusedSchema.describe(
    'Webhooks for connectors that receive none here; null when there were none.',
  ),
  teams: z.array(z.object({ id: z.string(), name: z.string(), members: z.array(z.string()).readonly() })).readonly(),
  next: z
    .array(
      z.object({
        id: z.enum(setupSteps),
        done: z.boolean(),
        title: z.string(),
        detail: z.string(),
        detailFacts: sayingSchema,
        run: z
          .string()
          .optional()
          .describe('Of `evaluation`: the latest one that passed, or else the latest complete one.'),
      }),
    )
    .readonly()
    .describe('What leads from a fresh installation to one that is live, in this order.'),
});

export const findingSchema = z.object({
  check: z.string().describe('What was checked: `node`, `config`, `taxonomy`, `engine`, `store`, …'),
  status: z
    .enum(['ok', 'note', 'failed'])
    .describe('`note`: nothing must be fixed, but it is worth knowing. `failed`: something must be fixed.'),
  detail: z.string(),
  detailFacts: sayingSchema,
});

export const doctorSchema = z.object({
  checkedAt: z.iso.datetime(),
  ok: z.boolean().describe('False where something must be fixed.'),
  findings: z.array(findingSchema).readonly(),
});
