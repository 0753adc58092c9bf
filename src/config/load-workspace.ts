import type { Example } from '../classifiers/retrieval/example-index.ts';
import { ConfigurationError, type Problem } from '../errors.ts';
import { formatDataPath, type Path } from '../taxonomy/located-yaml.ts';
import { loadTaxonomy } from '../taxonomy/parse-taxonomy.ts';
import { suggest } from '../taxonomy/schema-problems.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';
import type { LoadedConfig } from './config-schema.ts';
import { readLabelledTickets } from './labelled-tickets.ts';

/** What the configuration points to: the tree, and the tickets that show what belongs where. */
export type Workspace = {
  readonly taxonomy: Taxonomy;
  /** From the example files, and from the `examples` of the taxonomy's leaves. */
  readonly examples: readonly Example[];
  /** Labelled tickets that fit no intent (`outOfScope`). */
  readonly outOfScope: readonly LabelledTicket[];
};

/**
 * Loads taxonomy and examples and checks that the rules name intents that are there. Throws `ConfigurationError` with
 * every problem of every file at once.
 */
export async function loadWorkspace(config: LoadedConfig): Promise<Workspace> {
  const problems: Problem[] = [];
  const collect = async <T>(load: () => Promise<T>): Promise<T | null> => {
    try {
      return await load();
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      problems.push(...error.problems);
      return null;
    }
  };

  const taxonomy = await collect(() => loadTaxonomy(config.settings.taxonomy));
  if (taxonomy !== null) problems.unshift(...checkIntentNames({ config, taxonomy }));
  const labelled: LabelledTicket[] = [];
  const fileOfId = new Map<string, string>();
  for (const file of config.settings.examples) {
    const tickets = (await collect(() => readLabelledTickets({ file, taxonomy }))) ?? [];
    for (const ticket of tickets) {
      const first = fileOfId.get(ticket.id);
      if (first !== undefined && first !== file) {
        problems.push({
          file,
          line: null,
          message: `the id "${ticket.id}" is also used in ${first}`,
          cure: 'Give one of the two another id.',
        });
      }
      fileOfId.set(ticket.id, file);
    }
    labelled.push(...tickets);
  }
  if (problems.length > 0 || taxonomy === null) throw new ConfigurationError(problems);

  return {
    taxonomy,
    examples: [...labelled.filter(isExample), ...taxonomyExamples(taxonomy)],
    outOfScope: labelled.filter((ticket) => !isExample(ticket)),
  };
}

function isExample(ticket: LabelledTicket): ticket is Example {
  return ticket.intent !== null;
}

/** The short texts that a leaf carries in the taxonomy, as labelled tickets. */
function taxonomyExamples(taxonomy: Taxonomy): Example[] {
  return taxonomy.leaves.flatMap((leaf) =>
    leaf.examples.map((body, index) => ({ id: `taxonomy:${leaf.id}:${index + 1}`, body, intent: leaf.id })),
  );
}

/**
 * A configuration that evaluates a taxonomy of its own: the teams, rules, thresholds and examples of the loaded one
 * belong to another tree and are left out.
 */
export function withTaxonomy(
  config: LoadedConfig,
  files: { taxonomy: string; examples: readonly string[] },
): LoadedConfig {
  return {
    ...config,
    settings: {
      ...config.settings,
      taxonomy: files.taxonomy,
      examples: [...files.examples],
      confidence: { targetPrecision: 0.95 },
      triageTeam: 'triage',
      teams: [],
      routing: [],
      slas: {},
      connectors: {},
    },
  };
}

/** Intents that rules and modes name must be in the tree. */
function checkIntentNames({ config, taxonomy }: { config: LoadedConfig; taxonomy: Taxonomy }): Problem[] {
  const { settings } = config;
  const problems: Problem[] = [];
  const check = (intent: string, path: Path, name = intent) => {
    if (taxonomy.nodes.has(intent)) return;
    problems.push({
      ...(config.locate?.(path) ?? { file: config.file ?? 'the configuration', line: null }),
      message: `${formatDataPath(path)}: there is no intent "${name}" in the taxonomy`,
      cure: suggest(intent, taxonomy.nodes.keys()) ?? 'Name an intent of the taxonomy.',
    });
  };
  settings.routing.forEach((rule, index) => {
    const isList = (rule.when.intent?.length ?? 0) > 1;
    rule.when.intent?.forEach((intent, position) => {
      check(intent, ['routing', index, 'when', 'intent', ...(isList ? [position] : [])]);
    });
  });
  for (const [connector, { modes }] of Object.entries(settings.connectors)) {
    for (const pattern of Object.keys(modes)) {
      if (pattern !== '*') check(pattern.replace(/\/\*$/, ''), ['connectors', connector, 'modes', pattern], pattern);
    }
  }
  return problems;
}
