import type { IntentNode, Taxonomy } from './taxonomy.ts';

/** The name of a leaf for people: with the name of its parent where another leaf has the same. The id when it is no leaf. */
export function nameLeaf(taxonomy: Taxonomy, id: string): string {
  const leaf = taxonomy.leaves.find((node) => node.id === id);
  if (leaf === undefined) return taxonomy.nodes.get(id)?.name ?? id;
  const parent = taxonomy.nodes.get(id.split('/').slice(0, -1).join('/'));
  const isSame = (node: IntentNode) => node.name === leaf.name && node.id !== id;
  return parent !== undefined && taxonomy.leaves.some(isSame) ? `${parent.name} › ${leaf.name}` : leaf.name;
}
