import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SAMPLE_DIR } from '../../config/load-config.ts';
import type { Named } from '../../connectors/connector.ts';
import { ConfigurationError, UsageError } from '../../errors.ts';
import { loadTaxonomy, parseTaxonomy } from '../../taxonomy/parse-taxonomy.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Connected, InitContext } from './connect-helpdesk.ts';
import { listOf } from './list-of.ts';
import { taxonomyOfCategories } from './taxonomy-of-categories.ts';
import type { PlannedFile } from './write-files.ts';

const TAXONOMY_FILE = 'taxonomy.yaml';
const EXAMPLES_FILE = 'examples.jsonl';

export type ChosenTaxonomy = {
  readonly tree: Taxonomy;
  /** As in the configuration. */
  readonly taxonomy: string;
  readonly examples: string | null;
  /** What is written for it. */
  readonly files: readonly PlannedFile[];
};

/** Asks for the tree of intents: the sample's, one made of the helpdesk's own categories, or a file. */
export async function chooseTaxonomy(
  context: InitContext,
  { definition, connector }: Connected,
): Promise<ChosenTaxonomy> {
  const { asker, dir } = context;
  const isThere = existsSync(join(dir, TAXONOMY_FILE));
  for (;;) {
    const source = await asker.choose({
      name: 'taxonomy',
      message: 'What do customers want? Begin with',
      choices: [
        { value: 'sample', label: "the sample company's tree", hint: '43 intents of a shop for devices, to change' },
        ...(connector.listCategories === undefined
          ? []
          : [{ value: 'categories', label: `the categories in ${definition.about.title}` }]),
        { value: 'file', label: 'a file of yours', hint: 'docs/configuration.md has its form' },
      ],
      ...(asker.canAskAgain && { initial: isThere ? 'file' : 'sample' }),
    });
    if (source === 'file') {
      const read = await readOwn(context, isThere);
      if (read !== null) return { ...read, ...(await chooseExamples(context, { offersSample: false })) };
    } else if (source === 'categories') {
      const categories = await listOf(context, { what: 'categories', list: connector.listCategories?.bind(connector) });
      const made = madeOf(definition.about.title, categories);
      if (made !== null) return { ...made, examples: null };
      const none = `${definition.about.title} has no categories that could be read.`;
      if (!asker.canAskAgain) throw new UsageError(`${none} Choose another taxonomy.`);
      asker.say(none);
    } else {
      const text = `# A start: change it to what your customers want.\n${await readFile(join(SAMPLE_DIR, TAXONOMY_FILE), 'utf8')}`;
      const { files, examples } = await chooseExamples(context, { offersSample: true });
      const tree = parseTaxonomy({ text, file: TAXONOMY_FILE });
      return { tree, taxonomy: TAXONOMY_FILE, examples, files: [{ name: TAXONOMY_FILE, text }, ...files] };
    }
  }
}

async function readOwn(
  { asker, dir }: InitContext,
  isThere: boolean,
): Promise<Pick<ChosenTaxonomy, 'tree' | 'taxonomy'> | null> {
  const taxonomy = await asker.text({
    name: 'taxonomyFile',
    message: `Its path, relative to ${dir}`,
    ...(isThere && { suggested: TAXONOMY_FILE }),
  });
  try {
    return { tree: await loadTaxonomy(resolve(dir, taxonomy)), taxonomy };
  } catch (error) {
    if (!asker.canAskAgain || !(error instanceof ConfigurationError)) throw error;
    asker.say(error.message);
    return null;
  }
}

function madeOf(title: string, categories: readonly Named[]): Omit<ChosenTaxonomy, 'examples'> | null {
  if (categories.length === 0) return null;
  const text = taxonomyOfCategories({ title, categories });
  const tree = parseTaxonomy({ text, file: TAXONOMY_FILE });
  return { tree, taxonomy: TAXONOMY_FILE, files: [{ name: TAXONOMY_FILE, text }] };
}

async function chooseExamples(
  { asker, dir }: InitContext,
  { offersSample }: { offersSample: boolean },
): Promise<Pick<ChosenTaxonomy, 'examples' | 'files'>> {
  const choice = await asker.choose({
    name: 'examples',
    message: 'Labelled tickets, which the engine learns from',
    choices: [
      ...(offersSample
        ? [{ value: 'sample', label: "the sample company's 860", hint: 'invented; replace them by your own' }]
        : []),
      { value: 'none', label: 'none yet', hint: 'everything goes to triage until there are some, or a key for Claude' },
      { value: 'file', label: 'a file of yours', hint: 'a JSON object a line: body, intent' },
    ],
    initial: offersSample ? 'sample' : 'none',
  });
  if (choice === 'none') return { examples: null, files: [] };
  if (choice === 'sample') {
    const text = await readFile(join(SAMPLE_DIR, EXAMPLES_FILE), 'utf8');
    return { examples: EXAMPLES_FILE, files: [{ name: EXAMPLES_FILE, text }] };
  }
  const examples = await asker.text({
    name: 'examplesFile',
    message: `Its path, relative to ${dir}`,
    findFault: (path) => (existsSync(resolve(dir, path)) ? null : `There is no file ${resolve(dir, path)}.`),
  });
  return { examples, files: [] };
}
