import { z } from 'zod';
import { shareSchema } from '../../base/share.ts';

const poolings = ['mean', 'cls', 'last_token'] as const;
export type Pooling = (typeof poolings)[number];

const voyageSchema = z.strictObject({
  type: z.literal('voyage'),
  model: z.string().min(1).describe('Name of a model of Voyage, for example voyage-4.'),
  dimensions: z
    .union([z.literal(256), z.literal(512), z.literal(1024), z.literal(2048)])
    .optional()
    .describe('Number of dimensions of the vectors; 1024 when left out.'),
});

const transformersSchema = z.strictObject({
  type: z.literal('transformers'),
  model: z
    .string()
    .min(1)
    .describe('Name of a model of the Hugging Face hub that has ONNX weights, for example Xenova/all-MiniLM-L6-v2.'),
  pooling: z
    .enum(poolings)
    .optional()
    .describe("How the vectors of a text's tokens become one vector, see the model card; mean when left out."),
  queryPrefix: z
    .string()
    .optional()
    .describe('Words that the model needs before a text to search for, see the model card.'),
  documentPrefix: z
    .string()
    .optional()
    .describe('Words that the model needs before a text that can be found, see the model card.'),
});

const embedderSettingsSchema = z.union([z.enum(['embedded', 'none']), voyageSchema, transformersSchema]);
export type EmbedderSettings = Readonly<z.infer<typeof embedderSettingsSchema>>;

/** A number that is refused says why by itself. */
const autoOr = (number: z.ZodNumber) =>
  z.union([z.literal('auto'), number], {
    error: ({ input }) => (Number.isInteger(input) ? undefined : 'must be auto or a whole number'),
  });

/** `retrieval:` of the configuration. */
export const retrievalSettingsSchema = z.strictObject({
  embedder: embedderSettingsSchema
    .default('embedded')
    .describe(
      'What measures how similar in meaning a ticket and the examples for Claude are. embedded: the encoder of the embedded engine; none: only words are compared; voyage: the API of Voyage; transformers: a model on this machine.',
    ),
  k: autoOr(z.number().int().min(0).max(50))
    .default('auto')
    .describe(
      'Most examples that Claude is shown with a ticket. auto: 5 where the labels of the nearest examples agree, up to 10 where they do not and there is room.',
    ),
  perIntent: autoOr(z.number().int().min(1))
    .default('auto')
    .describe('Most examples of one intent among them. auto: 2, and up to 4 where more than five are shown.'),
  minSimilarity: shareSchema()
    .default(0.2)
    .describe(
      'Examples that are less similar in meaning than this, between 0 and 1, are not shown. Where only words can be compared, a bound of their own applies.',
    ),
});

/** Which of the examples that were found are shown with a ticket. */
export type RetrievalSettings = Readonly<Omit<z.infer<typeof retrievalSettingsSchema>, 'embedder'>>;
