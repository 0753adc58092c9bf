import { join } from 'node:path';
import { guessWith } from '../../src/classifiers/claude/guess-intents.ts';
import { defaultRetrieval, retrieveExamples } from '../../src/classifiers/claude/retrieve-examples.ts';
import { createLocalClassifier } from '../../src/classifiers/local/create-local-classifier.ts';
import { primaryLanguage } from '../../src/classifiers/local/example-set.ts';
import type { Example } from '../../src/classifiers/retrieval/example-index.ts';
import { readLabelledTickets } from '../../src/config/labelled-tickets.ts';
import { bareTicket } from '../../src/evaluation/dataset/bare-ticket.ts';
import { loadTaxonomy } from '../../src/taxonomy/parse-taxonomy.ts';
import type { Taxonomy } from '../../src/taxonomy/taxonomy.ts';

const sample = join(import.meta.dirname, '../../sample');
/** Before there was a bound for words, that for meaning was applied to them. */
const BOUND_BEFORE = defaultRetrieval.minSimilarity;
const CHOSEN_ON = 'es';

/** Measures which tickets of the sample get examples, by language. */
export async function measureLanguages(): Promise<void> {
  const taxonomy = await loadTaxonomy(join(sample, 'taxonomy.yaml'));
  const read = async (name: string) =>
    (await readLabelledTickets({ file: join(sample, name), taxonomy })).flatMap((ticket): Example[] =>
      ticket.intent === null ? [] : [{ ...ticket, intent: ticket.intent }],
    );
  const examples = await read('examples.jsonl');
  const tickets = [...(await read('test.jsonl')), ...(await read('languages.jsonl'))];
  const byLanguage = Map.groupBy(tickets, languageOf);

  console.log('Requests without an example, and with the right label among the examples shown, in % of the tickets.');
  console.log('                                                        before             now');
  console.log('store                  tickets  language  in store   none  right   none  right  by a guess');
  for (const [language, asked] of byLanguage) {
    await measure({ store: 'the sample', taxonomy, examples, language, asked });
  }
  // A desk that works in one language: of each intent the first ticket is an example, the others are asked about.
  for (const [language, all] of byLanguage) {
    if (!['es', 'de', 'fr'].includes(language)) continue;
    const known = [...Map.groupBy(all, ({ intent }) => intent).values()].map(([first]) => first!);
    const own = [...examples.filter((example) => languageOf(example) === language), ...known];
    const asked = all.filter((ticket) => !known.includes(ticket));
    await measure({ store: `a desk in ${language}`, taxonomy, examples: own, language, asked });
  }
  console.log(`The bounds were chosen on the tickets in ${CHOSEN_ON}; the other rows played no part in that.\n`);
}

async function measure(options: {
  store: string;
  taxonomy: Taxonomy;
  examples: readonly Example[];
  language: string;
  asked: readonly Example[];
}): Promise<void> {
  const { store, taxonomy, examples, language, asked } = options;
  const local = await createLocalClassifier({
    taxonomy,
    examples,
    cacheDir: null,
    confidence: { targetPrecision: 0.95 },
  });
  const before = { none: 0, right: 0 };
  const now = { none: 0, right: 0, guessed: 0 };
  const guess = guessWith({ classifier: local, taxonomy });
  for (const labelled of asked) {
    const ticket = bareTicket(labelled);
    const isRight = ({ example }: { example: Example }) => example.intent === labelled.intent;
    const was = await retrieveExamples({
      index: {
        ...local.index,
        version: '',
        search: (search) => local.index.search({ ...search, minCommonWords: BOUND_BEFORE }),
      },
      retrieval: { ...defaultRetrieval, k: 5, perIntent: 2 },
      ticket,
      taxonomy,
      guess: null,
    });
    const is = await retrieveExamples({ index: local.index, retrieval: defaultRetrieval, ticket, taxonomy, guess });
    if (was.found.length === 0) before.none++;
    if (was.found.some(isRight)) before.right++;
    if (is.found.length === 0) now.none++;
    if (is.found.some(isRight)) now.right++;
    if (is.isGuess) now.guessed++;
  }
  await local.close();
  const percent = (count: number) => ((100 * count) / asked.length).toFixed(1).padStart(7);
  const inStore = examples.filter((example) => languageOf(example) === language).length;
  console.log(
    `${store.padEnd(22)}${String(asked.length).padStart(8)}  ${language.padEnd(8)}${String(inStore).padStart(10)}` +
      `${percent(before.none)}${percent(before.right)}${percent(now.none)}${percent(now.right)}${percent(now.guessed)}`,
  );
}

const languageOf = ({ language = 'en' }: Example): string => primaryLanguage(language) ?? 'en';
