import type { Example } from '../classifiers/retrieval/example-index.ts';
import { ConfigurationError } from '../errors.ts';
import { resolveLeaf } from '../taxonomy/resolve-intent.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';
import type { LoadedConfig } from './config-schema.ts';
import { readWorkspaceFiles } from './read-workspace-files.ts';

/** What the configuration points to: the tree, and the tickets that show what belongs where. */
export type Workspace = {
  readonly taxonomy: Taxonomy;
  /** From the example files, and from the `examples` of the taxonomy's leaves. */
  readonly examples: readonly Example[];
  /** Ids of the examples that are the company's own words: only these may be quoted to whoever reads a ticket. */
  readonly ownExampleIds: ReadonlySet<string>;
  /** Labelled tickets that fit no intent (`outOfScope`). */
  readonly outOfScope: readonly LabelledTicket[];
};

/**
 * Loads taxonomy and examples and checks that the rules name intents that are there. Throws `ConfigurationError` with
 * every problem of every file at once.
 */
export async function loadWorkspace(config: LoadedConfig): Promise<Workspace> {
  const { settings } = config;
  const { taxonomy, labelled, problems } = await readWorkspaceFiles({
    taxonomyFile: settings.taxonomy,
    exampleFiles: settings.examples,
    value: settings,
    locate: (path) => config.locate?.(path) ?? { file: config.file ?? 'the configuration', line: null },
  });
  if (problems.length > 0 || taxonomy === null) throw new ConfigurationError(problems);

  const examples = [...labelled.filter(isExample), ...taxonomyExamples(taxonomy)];
  return {
    taxonomy,
    examples,
    ownExampleIds: new Set(examples.map(({ id }) => id)),
    outOfScope: labelled.filter((ticket) => !isExample(ticket)),
  };
}

/**
 * The workspace with examples that the store has besides: imports and corrections. The company's own files win over a
 * stored one of the same id, as they do in the server, and what names no leaf of the tree is left out.
 */
export function withStoredExamples(
  workspace: Workspace,
  stored: readonly Example[],
): { readonly workspace: Workspace; readonly used: readonly Example[]; readonly withoutIntent: number } {
  const others = stored.filter(({ id }) => !workspace.ownExampleIds.has(id));
  const used = others.flatMap((example) => {
    const intent = resolveLeaf(workspace.taxonomy, example.intent);
    return intent === null ? [] : [{ ...example, intent }];
  });
  return {
    workspace: { ...workspace, examples: [...workspace.examples, ...used] },
    used,
    withoutIntent: others.length - used.length,
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
