import { formerIds } from '../../taxonomy/intent-scope.ts';
import type { IntentNode, Taxonomy } from '../../taxonomy/taxonomy.ts';

/** The names that Claude uses for the choices: lowercase snake_case and unique, whatever form the ids have. */
export type Labels = {
  readonly choices: readonly IntentNode[];
  /** In the order of the choices. */
  readonly all: readonly string[];
  nodeOfId(id: string): IntentNode | null;
  labelOf(id: string): string;
  /**
   * Finds the node for a label in an answer, in any letter case, with hyphens, as path or as name. Null when unknown.
   */
  nodeOf(answered: string): IntentNode | null;
  /** Replaces ids of choices in a text by their labels, so that descriptions use the names that Claude can answer. */
  rewrite(text: string): string;
};

const snake = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');

const lastSegment = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

/** Creates labels for nodes of a tree: the last part of the path, or the whole path where two share the last part. */
export function createLabels(taxonomy: Pick<Taxonomy, 'nodes' | 'aliases'>, choices: readonly IntentNode[]): Labels {
  const short = choices.map((node) => snake(lastSegment(node.id)));
  const idOf = new Map<string, string>();
  const labels = new Map<string, string>();
  choices.forEach((node, at) => {
    const own = short[at] ?? '';
    const unique = own !== '' && short.indexOf(own) === short.lastIndexOf(own);
    const wanted = unique ? own : snake(node.id);
    let label = wanted === '' ? `intent_${at + 1}` : wanted;
    while (idOf.has(label)) label = `${label}_${at + 1}`;
    labels.set(node.id, label);
    idOf.set(label, node.id);
  });
  const nodes = new Map(choices.map((node) => [node.id, node]));
  const aliases = soleMeanings(choices, ({ id, name }) => [id, lastSegment(id), name, labels.get(id) ?? '']);
  const former = soleMeanings(choices, ({ id }) =>
    formerIds(taxonomy, id).flatMap((before) => [before, lastSegment(before)]),
  );
  const mention = mentionPattern(choices);

  return {
    choices,
    all: [...labels.values()],
    nodeOfId: (id) => nodes.get(id) ?? null,
    labelOf: (id) => labels.get(id) ?? snake(id),
    nodeOf(answered) {
      const key = snake(answered);
      const last = snake(lastSegment(answered));
      // Recorded answers may name an intent as it was called then.
      const id = idOf.get(key) ?? aliases.get(key) ?? former.get(key) ?? aliases.get(last) ?? former.get(last);
      return (id === undefined ? undefined : nodes.get(id)) ?? null;
    },
    rewrite: (text) =>
      mention === null
        ? text
        : text.replace(mention, (found) => {
            const node = nodes.get(found) ?? choices.find((choice) => lastSegment(choice.id) === found);
            return node === undefined ? found : (labels.get(node.id) ?? found);
          }),
  };
}

/** Maps spellings of the choices to their ids. Spellings that belong to several choices are left out. */
function soleMeanings(
  choices: readonly IntentNode[],
  spellingsOf: (choice: IntentNode) => readonly string[],
): Map<string, string> {
  const meant = new Map<string, Set<string>>();
  for (const node of choices) {
    for (const spelling of spellingsOf(node).map(snake)) {
      if (spelling === '') continue;
      const ids = meant.get(spelling) ?? new Set<string>();
      ids.add(node.id);
      meant.set(spelling, ids);
    }
  }
  const sole = [...meant].flatMap(([spelling, ids]): [string, string][] => {
    const [only] = ids;
    return ids.size === 1 && only !== undefined ? [[spelling, only]] : [];
  });
  return new Map(sole);
}

/** Matches whole ids, and last segments with a hyphen, which cannot be everyday words. */
function mentionPattern(choices: readonly IntentNode[]): RegExp | null {
  const segments = choices.map((node) => lastSegment(node.id));
  const sole = segments.filter(
    (segment) => segment.includes('-') && segments.indexOf(segment) === segments.lastIndexOf(segment),
  );
  const spellings = [...choices.map((node) => node.id).filter((id) => /[-/]/.test(id)), ...sole]
    .sort((a, b) => b.length - a.length)
    .map((spelling) => spelling.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (spellings.length === 0) return null;
  return new RegExp(`(?<![\\p{L}\\p{N}/_-])(?:${spellings.join('|')})(?![\\p{L}\\p{N}/_-])`, 'gu');
}

/** The choice that is the leaf or an ancestor of it; null when there is none. */
export function choiceAbove({ choices, leaf }: { choices: readonly IntentNode[]; leaf: string }): IntentNode | null {
  return choices.find((node) => leaf === node.id || leaf.startsWith(`${node.id}/`)) ?? null;
}
