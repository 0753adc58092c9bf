import { z } from 'zod';
import { shareSchema } from '../../base/share.ts';

const poolings = ['mean', 'cls', 'last_token'] as const;
export type Pooling = (typeof poolings)[number];

const voyageSchema = z.strictObject({
  type: z.literal('voyage'),
  model: z.string().min(1).describe('A model of Voyage, for example voyage-4.'),
  dimensions: z
    .union([z.literal(256), z.literal(512), z.literal(1024), z.literal(2048)])
    .optional()
    .describe('Width of the vectors; 1024 when left out.'),
});

const transformersSchema = z.strictObject({
  type: z.literal('transformers'),
  model: z.string().min(1).describe('A model of the hub with ONNX weights, for example Xenova/all-MiniLM-L6-v2.'),
  pooling: z
    .enum(poolings)
    .optional()
    .describe("How the vectors of a text's tokens are joined, as the model's card says; mean when left out."),
  queryPrefix: z.string().optional().describe('Words that the model wants before a text to search with.'),
  documentPrefix: z.string().optional().describe('Words that the model wants before a text to be found.'),
});

const embedderSettingsSchema = z.union([z.enum(['embedded', 'none']), voyageSchema, transformersSchema]);
export type EmbedderSettings = Readonly<z.infer<typeof embedderSettingsSchema>>;

/** `retrieval:` of the configuration. */
export const retrievalSettingsSchema = z.strictObject({
  embedder: embedderSettingsSchema
    .default('embedded')
    .describe(
      "What tells how alike two texts are when examples for Claude are looked up: the embedded engine's encoder, none (words alone), Voyage, or a model run by Transformers.js.",
    ),
  k: z.number().int().min(0).max(50).default(5).describe('Examples shown with a ticket, at most.'),
  perIntent: z.number().int().min(1).default(2).describe('Examples of one intent, at most.'),
  minSimilarity: shareSchema().default(0.2).describe('Examples less alike than this are not shown.'),
});

/** Which of the examples that were found are shown with a ticket. */
export type RetrievalSettings = Readonly<Omit<z.infer<typeof retrievalSettingsSchema>, 'embedder'>>;
