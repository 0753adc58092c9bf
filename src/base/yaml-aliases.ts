import { type Alias, isAlias, isCollection, isNode, isPair, type parseDocument, visit } from 'yaml';

/** How many values the aliases of a file may expand to. Without a limit, a dozen lines can expand to billions. */
const MAX_ALIASED_VALUES = 100_000;

export type AliasFault = { readonly offset: number; readonly message: string; readonly cure: string };

/** Finds aliases (`*name`) that have no anchor, that are inside their own anchor, or that expand to too many values. */
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
    // Only measured while no alias is circular.
    if (faults.length > 0) return undefined;
    aliased += sizeOf(node);
    if (aliased <= MAX_ALIASED_VALUES) return undefined;
    add(node, `the aliases up to here expand to more than ${MAX_ALIASED_VALUES} values`, 'Write the parts out.');
    return visit.BREAK;
  });
  return faults;
}
