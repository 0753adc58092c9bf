import type { Example } from '../classifiers/retrieval/example-index.ts';
import { ConfigurationError } from '../errors.ts';
import type { BusinessCalendar } from '../routing/business-calendar.ts';
import type { UrgencyPhrases } from '../routing/urgency-phrases.ts';
import { resolveLeaf } from '../taxonomy/resolve-intent.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';
import type { LoadedConfig } from './config-schema.ts';
import { loadCalendars } from './load-calendars.ts';
import { placeOf } from './place-of.ts';
import { readWorkspaceFiles } from './read-workspace-files.ts';

/** What the files that the configuration names contain: the tree of intents and the labelled tickets. */
export type Workspace = {
  readonly taxonomy: Taxonomy;
  /** From the example files, and from the `examples` of the taxonomy's leaves. */
  readonly examples: readonly Example[];
  /** Ids of the examples in the company's own words. Only these may be quoted in a reasoning. */
  readonly ownExampleIds: ReadonlySet<string>;
  /** Labelled tickets that fit no intent (`outOfScope`). */
  readonly outOfScope: readonly LabelledTicket[];
  /** Stored corrections that say that a ticket belongs to nobody: the embedded engine turns away what is like them. */
  readonly turnedAway?: readonly LabelledTicket[];
  /** The company's own phrases for the urgency of tickets. */
  readonly urgencyPhrases: UrgencyPhrases;
  /** Business hours, by name. */
  readonly calendars: ReadonlyMap<string, BusinessCalendar>;
};

/**
 * Loads taxonomy, examples, phrases of urgency and calendars, and checks that rules and modes name intents that exist. Throws
 * `ConfigurationError` with every problem of every file at once.
 */
export async function loadWorkspace(config: LoadedConfig): Promise<Workspace> {
  const { settings } = config;
  const { taxonomy, labelled, urgencyPhrases, problems } = await readWorkspaceFiles({
    taxonomyFile: settings.taxonomy,
    exampleFiles: settings.examples,
    urgencyPhrases: settings.urgency.phrases,
    value: settings,
    locate: (path) => placeOf(config, path),
  });
  const { calendars, problems: inCalendars } = await loadCalendars(config);
  if (problems.length + inCalendars.length > 0 || taxonomy === null) {
    throw new ConfigurationError([...problems, ...inCalendars]);
  }

  const examples = [...labelled.filter(isExample), ...taxonomyExamples(taxonomy)];
  return {
    taxonomy,
    examples,
    ownExampleIds: new Set(examples.map(({ id }) => id)),
    outOfScope: labelled.filter((ticket) => !isExample(ticket)),
    urgencyPhrases,
    calendars,
  };
}

/**
 * Adds imports and corrections of the store to the workspace. Of the same id, the example of the company's own files is
 * kept, as in the server. Examples whose intent is no leaf of the tree are left out and counted in `withoutIntent`.
 */
export function withStoredExamples(
  workspace: Workspace,
  stored: readonly LabelledTicket[],
): { readonly workspace: Workspace; readonly used: readonly LabelledTicket[]; readonly withoutIntent: number } {
  const others = stored.filter(({ id }) => !workspace.ownExampleIds.has(id));
  const turnedAway = others.filter(({ intent }) => intent === null);
  const examples = others.filter(isExample).flatMap((example) => {
    const intent = resolveLeaf(workspace.taxonomy, example.intent);
    return intent === null ? [] : [{ ...example, intent }];
  });
  const used = [...examples, ...turnedAway];
  return {
    workspace: { ...workspace, examples: [...workspace.examples, ...examples], turnedAway },
    used,
    withoutIntent: others.length - used.length,
  };
}

function isExample(ticket: LabelledTicket): ticket is Example {
  return ticket.intent !== null;
}

/** The `examples` of the leaves in the taxonomy, as labelled tickets. */
function taxonomyExamples(taxonomy: Taxonomy): Example[] {
  return taxonomy.leaves.flatMap((leaf) =>
    leaf.examples.map((body, index) => ({ id: `taxonomy:${leaf.id}:${index + 1}`, body, intent: leaf.id })),
  );
}

/**
 * The configuration with another taxonomy and its examples. Teams, rules, SLAs, phrases of urgency, connectors and
 * the confidence target belong to the configured taxonomy, so the defaults take their place.
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
      calendars: {},
      urgency: { phrases: {} },
      connectors: {},
    },
  };
}
