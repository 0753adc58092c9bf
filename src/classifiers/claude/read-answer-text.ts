import { z } from 'zod';
import { readElements, type Tag } from './read-elements.ts';

// Reads what a model wrote, before it is checked against labels and ticket. Models and gateways without structured
// outputs may wrap or shorten the answer, so only the intent is required.
const list = z
  .union([z.array(z.string()), z.string().transform((only) => [only])])
  .nullish()
  .transform((value) => value ?? [])
  .catch([]);
const word = z.string().nullish().catch(null);

const rawAnswerSchema = z.object({
  reasoning: z.string().catch(''),
  words: list,
  intent: z.string().min(1),
  urgency: word,
  sentiment: word,
  certainty: word,
  runners_up: list,
  also: list,
  missing: word,
});
export type RawAnswer = z.infer<typeof rawAnswerSchema>;

/** Reads an answer in JSON, also inside a code fence or between sentences. Null when there is none. */
export function readJsonAnswer(text: string): RawAnswer | null {
  for (const candidate of [text, text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)]) {
    const parsed = rawAnswerSchema.safeParse(parseJson(candidate));
    if (parsed.success) return parsed.data;
  }
  return null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads an answer in XML tags, which may be in capitals or between sentences. Null without an intent. */
export function readXmlAnswer({ text, cutOff }: { text: string; cutOff: boolean }): RawAnswer | null {
  const elements = readElements({ text, cutOff });
  const all = (tag: Tag) =>
    elements.flatMap((element) => (element.tag === tag && element.content !== '' ? [element.content] : []));
  const last = (tag: Tag) => all(tag).at(-1) ?? null;
  const parsed = rawAnswerSchema.safeParse({
    reasoning: last('reasoning') ?? '',
    words: all('words'),
    intent: last('intent'),
    urgency: last('urgency'),
    sentiment: last('sentiment'),
    certainty: last('certainty'),
    runners_up: all('runners_up').flatMap((item) => item.split(',')),
    also: all('also').flatMap((item) => item.split(',')),
    missing: last('missing'),
  });
  return parsed.success ? parsed.data : null;
}
