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
