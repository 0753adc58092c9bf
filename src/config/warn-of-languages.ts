import { isReadable } from '../classifiers/local/training-data.ts';
import type { Problem } from '../errors.ts';
import { languageName } from '../sentences/language-name.ts';
import type { Ticket } from '../ticket/ticket.ts';
import { languageOfTicket, primaryLanguage } from '../ticket/ticket-language.ts';
import type { LoadedConfig } from './config-schema.ts';
import { describeEngine } from './describe-engine.ts';
import { placeOf } from './place-of.ts';

/** From this share of the examples on, another embedder is worth its trouble. */
const GOOD_PART = 0.2;
/** Detecting a language takes a tenth of a millisecond; this many examples show the share. */
const LOOKED_AT = 1_000;
const LANGUAGES_NAMED = 3;

export const multilingualEmbedders = [
  'retrieval: { embedder: { type: transformers, model: Xenova/multilingual-e5-small, queryPrefix: "query: ", documentPrefix: "passage: " } }',
  'retrieval: { embedder: { type: voyage, model: voyage-4 } }',
] as const;

/** Warns where many examples are in languages that the embedded encoder does not read, and Claude is to be shown them. */
export function warnOfLanguages(config: LoadedConfig, examples: readonly Ticket[], which = 'the examples'): Problem[] {
  if (!comparesEnglishOnly(config) || examples.length === 0) return [];
  const step = Math.max(1, examples.length / LOOKED_AT);
  const looked = Array.from(
    { length: Math.min(LOOKED_AT, examples.length) },
    (_, at) => examples[Math.floor(at * step)]!,
  );
  const unread = looked
    .map((example) => primaryLanguage(languageOfTicket(example)))
    .filter((language) => language !== null && !isReadable(language));
  if (unread.length < GOOD_PART * looked.length) return [];
  const share = Math.round((100 * unread.length) / looked.length);
  const [transformers, voyage] = multilingualEmbedders;
  return [
    {
      ...placeOf(config, ['retrieval', 'embedder']),
      message: `${share} % of ${which} are in languages whose meaning the embedder "embedded" does not read (${namesOf(unread)}): it reads English, and finds these for Claude by common words alone`,
      cure:
        `Compare them by meaning with \`${transformers}\` (on this machine, after \`npm install @huggingface/transformers@3\` in the folder of Switchboard) ` +
        `or \`${voyage}\` (with VOYAGE_API_KEY; texts leave the machine redacted).`,
    },
  ];
}

/** True where Claude is shown examples that the embedded encoder compares. */
export function comparesEnglishOnly(config: LoadedConfig): boolean {
  const { kind } = describeEngine(config);
  return (kind === 'claude' || kind === 'cascade') && config.settings.retrieval.embedder === 'embedded';
}

function namesOf(languages: readonly (string | null)[]): string {
  const counts = [...Map.groupBy(languages, (language) => language ?? '')]
    .map(([language, group]) => ({ language, count: group.length }))
    .sort((a, b) => b.count - a.count);
  const named = counts.slice(0, LANGUAGES_NAMED).map(({ language }) => languageName(language, 'en'));
  return counts.length > LANGUAGES_NAMED ? `${named.join(', ')} and others` : named.join(', ');
}
