import { type Alias, isAlias, isCollection, isNode, isPair, type parseDocument, visit } from 'yaml';

/** As many values as the aliases of a file may stand for together. A dozen lines of aliases can stand for billions. */
const MAX_ALIASED_VALUES = 100_000;

export type AliasFault = { readonly offset: number; readonly message: string; readonly cure: string };

/** Aliases (`*name`) that cannot be followed: without an anchor, inside of their own, or standing for too much. */
export function findAliasFaults(document: ReturnType<typeof parseDocument>): AliasFault[] {
  const faults: AliasFault[] = [];
  const anchors = new Map<string, unknown>();
  const sources = new Map<Alias, unknown>();
  const sizes = new Map<unknown, number>();
  let aliased = 0;

  const sizeOf = (node: unknown): number => {
    const known = sizes.get(node);
    if (known !== undefined) return known;
    const size = measure(node);
    sizes.set(node, size);
    return size;
  };
  const measure = (node: unknown): number => {
    if (isAlias(node)) return sizeOf(sources.get(node));
    if (isPair(node)) return sizeOf(node.key) + sizeOf(node.value);
    if (!isCollection(node)) return 1;
    return node.items.reduce<number>((sum, item) => sum + sizeOf(item), 1);
  };
  const add = (alias: Alias, message: string, cure: string) =>
    faults.push({ offset: alias.range?.[0] ?? 0, message, cure });

  visit(document, (_, node, path) => {
    if (!isAlias(node)) {
      if (isNode(node) && node.anchor) anchors.set(node.anchor, node);
      return undefined;
    }
    const source = anchors.get(node.source);
    sources.set(node, source);
    if (source === undefined) {
      add(node, `the alias *${node.source} has no anchor above it`, `Write &${node.source} where it is first used.`);
    } else if (path.some((above) => above === source)) {
      add(
        node,
        `the anchor &${node.source} contains an alias of itself`,
        'Write out what is meant, without the alias.',
      );
    }
    // Sizes are only asked for where no alias leads in a circle.
    if (faults.length > 0) return undefined;
    aliased += sizeOf(node);
    if (aliased <= MAX_ALIASED_VALUES) return undefined;
    add(node, `the aliases up to here stand for more than ${MAX_ALIASED_VALUES} values`, 'Write the parts out.');
    return visit.BREAK;
  });
  return faults;
}
