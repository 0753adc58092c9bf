import { presentIntent } from './resolve-intent.ts';
import type { IntentNode, Taxonomy } from './taxonomy.ts';

/** Numbers of one kind by intent; null is what has no intent. Former ids count for the intent of today. */
export type CountsByIntent = Iterable<readonly [string | null, number]>;

/** A node with numbers, each of which includes those of everything below it. */
export type CountedIntent<Kind extends string> = Pick<
  IntentNode,
  'id' | 'name' | 'description' | 'includes' | 'excludes'
> & {
  readonly isLeaf: boolean;
  readonly children: readonly CountedIntent<Kind>[];
} & Readonly<Record<Kind, number>>;

/** The tree with numbers. What belongs to an intent that the tree does not have is in none of them. */
export function countIntents<Kind extends string>(
  taxonomy: Taxonomy,
  counts: Readonly<Record<Kind, CountsByIntent>>,
): CountedIntent<Kind>[] {
  const kinds = Object.keys(counts) as Kind[]; // the keys of a record are of its own type
  const own = new Map(kinds.map((kind) => [kind, totalsOf(taxonomy, counts[kind])]));
  const count = (node: IntentNode): CountedIntent<Kind> => {
    const children = node.children.map(count);
    const numbers = kinds.map((kind) => {
      const below = children.reduce((sum, child) => sum + child[kind], 0);
      return [kind, below + (own.get(kind)?.get(node.id) ?? 0)];
    });
    const { id, name, description, includes, excludes } = node;
    const facts = { id, name, description, includes, excludes, isLeaf: children.length === 0, children };
    // The keys are those of `counts`, which the compiler cannot see in a list of pairs.
    return { ...facts, ...(Object.fromEntries(numbers) as Record<Kind, number>) };
  };
  return taxonomy.intents.map(count);
}

function totalsOf(taxonomy: Taxonomy, counts: CountsByIntent): ReadonlyMap<string, number> {
  const totals = new Map<string, number>();
  for (const [id, number] of counts) {
    if (id === null) continue;
    const present = presentIntent(taxonomy, id);
    totals.set(present, (totals.get(present) ?? 0) + number);
  }
  return totals;
}
