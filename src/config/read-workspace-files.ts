import { formatDataPath, type Path, type Place } from '../base/located-yaml.ts';
import { suggest } from '../base/schema-problems.ts';
import { ConfigurationError, type Problem } from '../errors.ts';
import type { UrgencyPhrases } from '../routing/urgency-phrases.ts';
import { loadTaxonomy } from '../taxonomy/parse-taxonomy.ts';
import { resolveIntent } from '../taxonomy/resolve-intent.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';
import { field, keys, list } from './fields.ts';
import { readLabelledTickets } from './labelled-tickets.ts';
import { loadUrgencyPhrases } from './load-urgency-phrases.ts';

export type WorkspaceFiles = {
  /** Null when it could not be loaded. */
  readonly taxonomy: Taxonomy | null;
  /** The labelled tickets of the files that could be read. */
  readonly labelled: readonly LabelledTicket[];
  /** Those of the configuration; none where their file could not be read. */
  readonly urgencyPhrases: UrgencyPhrases;
  readonly problems: readonly Problem[];
};

/**
 * Reads taxonomy, examples and phrases of urgency, and checks that the intents in rules and modes are in the tree. It
 * returns problems instead of throwing them. `value` is the configuration, which may itself have the wrong shape.
 */
export async function readWorkspaceFiles(options: {
  taxonomyFile: string;
  exampleFiles: readonly string[];
  /** A file, or the phrases themselves. */
  urgencyPhrases: string | UrgencyPhrases;
  value: unknown;
  locate: (path: Path) => Place;
}): Promise<WorkspaceFiles> {
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

  const taxonomy = await collect(() => loadTaxonomy(options.taxonomyFile));
  if (taxonomy !== null) problems.push(...checkIntentNames({ ...options, taxonomy }));
  const labelled: LabelledTicket[] = [];
  const fileOfId = new Map<string, string>();
  for (const file of options.exampleFiles) {
    for (const ticket of (await collect(() => readLabelledTickets({ file, taxonomy }))) ?? []) {
      const first = fileOfId.get(ticket.id);
      if (first !== undefined && first !== file) {
        const message = `the id "${ticket.id}" is also used in ${first}`;
        problems.push({ file, line: null, message, cure: 'Give one of the two another id.' });
      }
      fileOfId.set(ticket.id, file);
      labelled.push(ticket);
    }
  }
  const { urgencyPhrases: phrases } = options;
  const urgencyPhrases =
    typeof phrases === 'string' ? ((await collect(() => loadUrgencyPhrases(phrases))) ?? {}) : phrases;
  return { taxonomy, labelled, urgencyPhrases, problems };
}

/** Finds intents in rules and modes that are not in the tree. */
function checkIntentNames(options: { value: unknown; locate: (path: Path) => Place; taxonomy: Taxonomy }): Problem[] {
  const { value, locate, taxonomy } = options;
  const problems: Problem[] = [];
  const check = (intent: unknown, path: Path, name = intent) => {
    if (typeof intent !== 'string' || resolveIntent(taxonomy, intent) !== null) return;
    problems.push({
      ...locate(path),
      message: `${formatDataPath(path)}: there is no intent "${name}" in the taxonomy`,
      cure: suggest(intent, taxonomy.nodes.keys()) ?? 'Name an intent of the taxonomy.',
    });
  };
  list(field(value, 'routing')).forEach((rule, index) => {
    const path = ['routing', index, 'when', 'intent'];
    const intent = field(field(rule, 'when'), 'intent');
    // A single intent may be written without a list, and the schema makes a list of it: its path has no index.
    if (Array.isArray(intent) && intent.length > 1) {
      intent.forEach((item: unknown, position) => {
        check(item, [...path, position]);
      });
    } else check(Array.isArray(intent) ? intent[0] : intent, path);
  });
  const connectors = field(value, 'connectors');
  for (const connector of keys(connectors)) {
    for (const pattern of keys(field(field(connectors, connector), 'modes'))) {
      if (pattern !== '*') check(pattern.replace(/\/\*$/, ''), ['connectors', connector, 'modes', pattern], pattern);
    }
  }
  return problems;
}
