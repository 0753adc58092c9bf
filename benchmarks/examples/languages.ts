import { join } from 'node:path';
import { type GuessIntents, guessWith } from '../../src/classifiers/claude/guess-intents.ts';
import { defaultRetrieval, retrieveExamples } from '../../src/classifiers/claude/retrieve-examples.ts';
import { createLocalClassifier } from '../../src/classifiers/local/create-local-classifier.ts';
import type { Embedder } from '../../src/classifiers/retrieval/embedder.ts';
import type { Example, ExampleIndex } from '../../src/classifiers/retrieval/example-index.ts';
import { readLabelledTickets } from '../../src/config/labelled-tickets.ts';
import { bareTicket } from '../../src/evaluation/dataset/bare-ticket.ts';
import { openSqlExampleIndex } from '../../src/store/example-index/open-sql-example-index.ts';
import { loadTaxonomy } from '../../src/taxonomy/parse-taxonomy.ts';
import type { Taxonomy } from '../../src/taxonomy/taxonomy.ts';
import { openTestPostgresql, testDatabaseUrl } from '../../src/testing/test-stores.ts';
import { primaryLanguage } from '../../src/ticket/ticket-language.ts';

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

  console.log('Requests without an example, and with the right label among the examples shown, in % of the tickets.');
  console.log('                                                               before             now');
  console.log('store         index  tickets  language  examples in it     none  right   none  right  by a guess');
  await measureStore({ store: 'the sample', taxonomy, examples, tickets });
  // A desk that works in one language: of each intent the first ticket is an example, the others are asked about.
  for (const language of ['es', 'de']) {
    const all = tickets.filter((ticket) => languageOf(ticket) === language);
    const known = [...Map.groupBy(all, ({ intent }) => intent).values()].map(([first]) => first!);
    const own = [...examples.filter((example) => languageOf(example) === language), ...known];
    const asked = all.filter((ticket) => !known.includes(ticket));
    await measureStore({ store: `desk in ${language}`, taxonomy, examples: own, tickets: asked });
  }
  console.log(`The bounds were chosen on the tickets in ${CHOSEN_ON}; the other rows played no part in that.\n`);
}

type Measured = { store: string; taxonomy: Taxonomy; examples: readonly Example[]; tickets: readonly Example[] };

async function measureStore(options: Measured): Promise<void> {
  const { taxonomy, examples, tickets } = options;
  const confidence = { targetPrecision: 0.95 };
  const local = await createLocalClassifier({ taxonomy, examples, cacheDir: null, confidence });
  const guess = guessWith({ classifier: local, taxonomy });
  await using sql = local.embedder === null ? null : await openSql(examples, local.embedder);
  for (const [language, asked] of Map.groupBy(tickets, languageOf)) {
    const row = { ...options, tickets: asked, language, guess };
    await measure({ ...row, kind: 'scan', index: local.index });
    if (sql !== null) await measure({ ...row, kind: 'SQL', index: sql.index });
  }
  await local.close();
}

/** Null without a PostgreSQL (TEST_DATABASE_URL). */
async function openSql(
  examples: readonly Example[],
  embedder: Embedder,
): Promise<({ index: ExampleIndex } & AsyncDisposable) | null> {
  if (testDatabaseUrl === null) return null;
  const opened = await openTestPostgresql();
  await opened.store.transaction((transaction) =>
    transaction.examples.upsert(examples.map((example) => ({ example, source: 'file' as const }))),
  );
  const index = await openSqlExampleIndex({ store: opened.store, embedder });
  return { index, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
}

async function measure(
  options: Measured & { kind: string; index: ExampleIndex; language: string; guess: GuessIntents },
): Promise<void> {
  const { store, taxonomy, examples, tickets, kind, index, language, guess } = options;
  const indexBefore: ExampleIndex = {
    version: index.version,
    search: (search) => index.search({ ...search, minCommonWords: BOUND_BEFORE }),
    upsert: async () => undefined,
    remove: async () => undefined,
  };
  const retrievalBefore = { ...defaultRetrieval, k: 5, perIntent: 2 };
  const before = { none: 0, right: 0 };
  const now = { none: 0, right: 0, guessed: 0 };
  for (const labelled of tickets) {
    const ticket = bareTicket(labelled);
    const isRight = ({ example }: { example: Example }) => example.intent === labelled.intent;
    const asked = { ticket, taxonomy };
    const was = await retrieveExamples({ ...asked, index: indexBefore, retrieval: retrievalBefore, guess: null });
    const is = await retrieveExamples({ ...asked, index, retrieval: defaultRetrieval, guess });
    if (was.found.length === 0) before.none++;
    if (was.found.some(isRight)) before.right++;
    if (is.found.length === 0) now.none++;
    if (is.found.some(isRight)) now.right++;
    if (is.isGuess) now.guessed++;
  }
  const percent = (count: number, width = 7) => ((100 * count) / tickets.length).toFixed(1).padStart(width);
  const inStore = examples.filter((example) => languageOf(example) === language).length;
  console.log(
    `${store.padEnd(14)}${kind.padEnd(5)}${String(tickets.length).padStart(9)}  ${language.padEnd(8)}${String(inStore).padStart(16)}` +
      `${percent(before.none, 9)}${percent(before.right)}${percent(now.none)}${percent(now.right)}${percent(now.guessed, 12)}`,
  );
}

const languageOf = ({ language = 'en' }: Example): string => primaryLanguage(language) ?? 'en';
