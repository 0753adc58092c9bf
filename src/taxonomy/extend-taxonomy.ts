import { versionOf } from '../base/hash.ts';
import type { IntentNode, Taxonomy } from './taxonomy.ts';

/**
 * Adds the nodes of another tree. A node in both trees keeps its own texts and gets the other's children as well.
 * Leaves of the base come first.
 */
export function extendTaxonomy(base: Taxonomy, added: Taxonomy): Taxonomy {
  const intents = mergeNodes(base.intents, added.intents);
  const nodes = new Map<string, IntentNode>();
  const visit = (node: IntentNode) => {
    nodes.set(node.id, node);
    node.children.forEach(visit);
  };
  intents.forEach(visit);
  const known = new Set(base.leaves.map(({ id }) => id));
  const leaves = [...nodes.values()].filter(({ children }) => children.length === 0);
  return {
    ...base,
    version: versionOf([base.version, added.version]),
    intents,
    nodes,
    // An alias of one tree may be a node of the other; then the node wins.
    aliases: new Map([...added.aliases, ...base.aliases].filter(([alias]) => !nodes.has(alias))),
    leaves: [...leaves.filter(({ id }) => known.has(id)), ...leaves.filter(({ id }) => !known.has(id))],
  };
}

function mergeNodes(base: readonly IntentNode[], added: readonly IntentNode[]): IntentNode[] {
  const extra = new Map(added.map((node) => [node.id, node]));
  const merged = base.map((node) => {
    const other = extra.get(node.id);
    return other === undefined ? node : { ...node, children: mergeNodes(node.children, other.children) };
  });
  const ids = new Set(base.map(({ id }) => id));
  return [...merged, ...added.filter(({ id }) => !ids.has(id))];
}
