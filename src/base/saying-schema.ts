import { z } from 'zod';
import type { SentenceFacts } from './say.ts';

// The type is written out because that of a schema cannot be inferred from itself.
const sentenceFactsSchema: z.ZodType<SentenceFacts> = z.object({
  code: z.string(),
  get values() {
    return z.record(
      z.string(),
      z.union([z.string(), z.number(), z.array(z.string()).readonly(), z.array(sentenceFactsSchema).readonly()]),
    );
  },
});
// OpenAPI refers to a schema within itself by a name.
z.globalRegistry.add(sentenceFactsSchema, {
  id: 'SentenceFacts',
  description:
    'What a sentence of Switchboard says: a stable code and its values. The code `verbatim` is a text by somebody else, such as a model.',
});

/** The facts of a text for people, sentence by sentence; missing where an older version wrote it. */
export const sayingSchema = z
  .array(sentenceFactsSchema)
  .readonly()
  .optional()
  .describe('What the text says, sentence by sentence, for programs that say it in another language.');
