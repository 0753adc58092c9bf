import { suggest } from '../base/schema-problems.ts';
import type { Taxonomy } from './taxonomy.ts';

type Ids = Pick<Taxonomy, 'aliases'> & { readonly nodes: { has(id: string): boolean } };

/**
 * Returns the current id of an intent: its own, or that of the node which lists it (or a parent of it) under `aliases`;
 * null when there is none. A renamed node keeps its children: if `order-related` lists `orders`, then `orders/returns`
 * becomes `order-related/returns`.
 */
export function resolveIntent({ nodes, aliases }: Ids, id: string): string | null {
  if (nodes.has(id)) return id;
  for (let end = id.length; end > 0; end = id.lastIndexOf('/', end - 1)) {
    const renamed = aliases.get(id.slice(0, end));
    // This recursion ends: the id of a node is never an alias, so the rest of the path gets shorter with each step.
    if (renamed !== undefined) return resolveIntent({ nodes, aliases }, renamed + id.slice(end));
  }
  return null;
}

/** The current id of an intent; a name that no node has or had stays as it is. */
export function presentIntent(taxonomy: Ids, id: string): string {
  return resolveIntent(taxonomy, id) ?? id;
}

/** The same for labels of tickets, which must be leaves: also null for parents. */
export function resolveLeaf(taxonomy: Pick<Taxonomy, 'nodes' | 'aliases'>, id: string): string | null {
  const present = resolveIntent(taxonomy, id);
  return present !== null && taxonomy.nodes.get(present)?.children.length === 0 ? present : null;
}

/** Says why this id cannot be the label of a ticket, and which id to write instead; null for a leaf or a former id of one. */
export function explainWrongLeaf(
  taxonomy: Pick<Taxonomy, 'nodes' | 'aliases' | 'leaves'>,
  id: string,
): { readonly message: string; readonly cure: string } | null {
  const node = taxonomy.nodes.get(resolveIntent(taxonomy, id) ?? '');
  if (node?.children.length === 0) return null;
  if (node !== undefined) {
    return {
      message: `"${id}" has intents below it, and a ticket needs one without`,
      cure: `Name one of ${node.children.map((child) => child.id).join(', ')}.`,
    };
  }
  const leaves = taxonomy.leaves.map((leaf) => leaf.id);
  // People often write only the last part of the path.
  const whole = leaves.filter((leaf) => leaf.endsWith(`/${id}`));
  const cure = whole.length === 1 ? `Did you mean "${whole[0]}"?` : suggest(id, leaves);
  return {
    message: `there is no intent "${id}"`,
    cure: cure ?? 'Name a leaf of the taxonomy. If the intent was renamed, list this id under its `aliases`.',
  };
}
