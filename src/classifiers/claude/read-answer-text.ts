import { z } from 'zod';

// What a model wrote, before it is checked against labels and ticket. Tolerant: gateways and models without structured
// outputs wrap, shorten and rename; only reasoning and intent are indispensable.
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

/** The answer in a JSON text, also inside a code fence or between sentences. Null when there is none. */
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

const tags = [
  'reasoning',
  'words',
  'intent',
  'urgency',
  'sentiment',
  'certainty',
  'runners_up',
  'also',
  'missing',
] as const;
type Tag = (typeof tags)[number];
const anyTag = tags.join('|');

/** The answer in XML tags; a tag may be left open, be in capitals or stand between sentences. Null without an intent. */
export function readXmlAnswer(text: string): RawAnswer | null {
  const [intent] = contents({ text, tag: 'intent' });
  const first = (tag: Tag) => contents({ text, tag })[0] ?? null;
  const parsed = rawAnswerSchema.safeParse({
    reasoning: first('reasoning') ?? '',
    words: contents({ text, tag: 'words' }),
    intent,
    urgency: first('urgency'),
    sentiment: first('sentiment'),
    certainty: first('certainty'),
    runners_up: contents({ text, tag: 'runners_up' }).flatMap((item) => item.split(',')),
    also: contents({ text, tag: 'also' }).flatMap((item) => item.split(',')),
    missing: first('missing'),
  });
  return parsed.success ? parsed.data : null;
}

/** Texts of a tag up to its end, the next tag of ours, or the end of the text. */
function contents({ text, tag }: { text: string; tag: Tag }): string[] {
  const pattern = new RegExp(`<${tag}\\b[^<>]*>([^<]*(?:<(?!/?(?:${anyTag})\\b)[^<]*)*)`, 'gi');
  return [...text.matchAll(pattern)].map((match) => unescapeXml((match[1] ?? '').trim())).filter((item) => item !== '');
}

function unescapeXml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
