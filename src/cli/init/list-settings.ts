import { z } from 'zod';
import { outlinesAt } from '../../base/schema-outline.ts';
import type { ConnectorDefinition } from '../../connectors/definition.ts';

/** A setting of a connector's type that `init` asks for. */
export type AskedSetting = {
  /** Within the entry: `url`, or `receive`, `id`. */
  readonly path: readonly string[];
  /** What it is, from the schema; without a full stop. */
  readonly description: string;
  readonly isRequired: boolean;
  readonly kind: 'text' | 'number' | 'texts';
  /** The words that it may be; empty when it may be anything. */
  readonly words: readonly string[];
};

/** Lists the settings of a type without which it cannot be configured, and those that its definition asks for. */
export function listSettings({ settings, setUp = [] }: ConnectorDefinition): AskedSetting[] {
  const outline: unknown = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' });
  const required = requiredPaths(outline, []);
  const isRequired = (path: readonly string[]) => required.some((known) => known.join('.') === path.join('.'));
  const further = setUp.map((path) => path.split('.')).filter((path) => !isRequired(path));
  return [...required, ...further].map((path) => {
    const nodes = outlinesAt(outline, path);
    const values = (name: string) => nodes.map((node): unknown => Reflect.get(node, name));
    const description = values('description').find((text) => typeof text === 'string') ?? path.join('.');
    const words = values('enum').flatMap((list) => (Array.isArray(list) ? list.map(String) : []));
    const types = new Set(values('type').map(String));
    const kind =
      types.has('number') || types.has('integer')
        ? 'number'
        : types.has('array') && !types.has('string')
          ? 'texts'
          : 'text';
    return { path, description: String(description).replace(/\.$/, ''), isRequired: isRequired(path), kind, words };
  });
}

/** Paths of the required values; of a required object, those of its parts. */
function requiredPaths(outline: unknown, path: readonly string[]): string[][] {
  const [node] = outlinesAt(outline, path);
  const required: unknown = node === undefined ? undefined : Reflect.get(node, 'required');
  if (!Array.isArray(required)) return [];
  return required.flatMap((key: unknown) => {
    const here = [...path, String(key)];
    const below = requiredPaths(outline, here);
    return below.length > 0 ? below : [here];
  });
}
