// Finds which fields and types the JSON Schema of a zod schema allows at a path.
import type { Path } from './located-yaml.ts';

/** Returns the keys allowed at a path; the whole `value` decides which branch of a union applies. */
export function knownKeys(outline: unknown, path: Path, value?: unknown): string[] {
  return outlinesAt(outline, path, value).flatMap((node) => {
    const properties: unknown = Reflect.get(node, 'properties');
    return isObject(properties) ? Object.keys(properties) : [];
  });
}

/** Returns the parts of a JSON Schema that describe a path; a union gives several. */
export function outlinesAt(outline: unknown, path: Path, value?: unknown): object[] {
  let here = value;
  let nodes = branchesOf({ node: outline, root: outline, value: here });
  for (const part of path) {
    here = isObject(here) ? Reflect.get(here, part) : undefined;
    nodes = nodes
      .flatMap((node) => {
        if (typeof part === 'number') return [Reflect.get(node, 'items')];
        const properties: unknown = Reflect.get(node, 'properties');
        const own: unknown = isObject(properties) ? Reflect.get(properties, part) : undefined;
        return [own ?? Reflect.get(node, 'additionalProperties')];
      })
      .flatMap((node) => branchesOf({ node, root: outline, value: here }));
  }
  return nodes;
}

function branchesOf({ node, root, value }: { node: unknown; root: unknown; value: unknown }): object[] {
  if (!isObject(node)) return [];
  const reference: unknown = Reflect.get(node, '$ref');
  if (typeof reference === 'string') {
    const target = reference
      .split('/')
      .slice(1)
      .reduce<unknown>((found, part) => (isObject(found) ? Reflect.get(found, part) : undefined), root);
    return target === node ? [] : branchesOf({ node: target, root, value });
  }
  const unions = [Reflect.get(node, 'anyOf'), Reflect.get(node, 'oneOf')].flatMap((list: unknown): unknown[] =>
    Array.isArray(list) ? list.filter((branch) => isMeant(branch, value)) : [],
  );
  return [node, ...unions.flatMap((branch) => branchesOf({ node: branch, root, value }))];
}

/** False when the value selects another branch, for example by its `type`. */
function isMeant(branch: unknown, value: unknown): boolean {
  const properties: unknown = isObject(branch) ? Reflect.get(branch, 'properties') : undefined;
  if (!isObject(properties) || !isObject(value)) return true;
  return Object.entries(properties).every(([key, property]: [string, unknown]) => {
    const word: unknown = isObject(property) ? Reflect.get(property, 'const') : undefined;
    return word === undefined || !Object.hasOwn(value, key) || Reflect.get(value, key) === word;
  });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
