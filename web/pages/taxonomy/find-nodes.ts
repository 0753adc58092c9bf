type Node = { readonly id: string; readonly name: string; readonly description: string };

const fold = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** The nodes in which every word occurs, in name, id or description, with the nodes above them; all without words. */
export function findNodes<One extends Node>(nodes: readonly One[], words: string): readonly One[] {
  const wanted = fold(words).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return nodes;
  const found = nodes.filter(({ id, name, description }) => {
    const text = fold(`${name} ${id} ${description}`);
    return wanted.every((word) => text.includes(word));
  });
  return nodes.filter(({ id }) => found.some((node) => node.id === id || node.id.startsWith(`${id}/`)));
}
