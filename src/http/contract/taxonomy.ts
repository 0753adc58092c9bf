import { z } from 'zod';

const intentShape = {
  id: z.string().describe('The path, such as `order-related/returns`.'),
  name: z.string(),
  description: z.string(),
  includes: z.array(z.string()).readonly(),
  excludes: z.array(z.string()).readonly(),
  isLeaf: z.boolean().describe('Only leaves are given to tickets.'),
  tickets: z
    .number()
    .int()
    .describe(
      'Tickets with this intent received since `since`, by what people said or else by the classification, abstained ones included.',
    ),
  examples: z.number().int().describe('Stored examples that the engine learns from, at any time.'),
  corrections: z
    .number()
    .int()
    .describe('Corrections since `since` that say that another intent is right in place of this one, or none.'),
};

/** A node of the tree. The numbers of a parent include those of everything below it. */
export type TaxonomyIntent = z.output<z.ZodObject<typeof intentShape>> & {
  readonly children: readonly TaxonomyIntent[];
};
// The type is written out because that of a schema cannot be inferred from itself.
export const taxonomyIntentSchema: z.ZodType<TaxonomyIntent> = z.object({
  ...intentShape,
  get children() {
    return z.array(taxonomyIntentSchema).readonly();
  },
});
// OpenAPI refers to a schema within itself by a name.
z.globalRegistry.add(taxonomyIntentSchema, {
  id: 'TaxonomyIntent',
  description: 'A node of the tree of intents. The numbers of a parent include those of everything below it.',
});

export const taxonomyViewSchema = z.object({
  name: z.string(),
  version: z.string().describe('Changes with the content of the taxonomy; decisions carry it.'),
  since: z.iso.datetime().describe('Tickets and corrections are counted from this moment on: the last 30 days.'),
  intents: z.array(taxonomyIntentSchema).readonly(),
  confused: z
    .array(
      z.object({
        intent: z.string().describe('What was decided.'),
        with: z.string().nullable().describe('What people said instead; null where they said that no intent fits.'),
        count: z.number().int(),
      }),
    )
    .readonly()
    .describe('The pairs that people corrected most often since `since`, at most 20.'),
});
