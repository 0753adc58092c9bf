import type { Taxonomy } from './taxonomy.ts';

type Tree = Pick<Taxonomy, 'nodes' | 'aliases'>;

/**
 * The id that an intent has today: its own, or that of the node which lists it (or a parent of it) under `aliases`; null
 * when no node answers to it. A node that was renamed keeps its children: `orders/returns` is `order-related/returns`
 * when `order-related` lists `orders`.
 */
export function resolveIntent({ nodes, aliases }: Tree, id: string): string | null {
  if (nodes.has(id)) return id;
  for (let end = id.length; end > 0; end = id.lastIndexOf('/', end - 1)) {
    const renamed = aliases.get(id.slice(0, end));
    // What follows gets shorter with each step, for a node's id is nobody's alias.
    if (renamed !== undefined) return resolveIntent({ nodes, aliases }, renamed + id.slice(end));
  }
  return null;
}

/** The same for what tickets are labelled with: null for parents too. */
export function resolveLeaf(taxonomy: Tree, id: string): string | null {
  const present = resolveIntent(taxonomy, id);
  return present !== null && taxonomy.nodes.get(present)?.children.length === 0 ? present : null;
}
