import type { ConnectorSettings } from './connector-settings.ts';
import type { ConnectorDefinition } from './definition.ts';

/** Replaces the paths in an entry, which its definition names, by what `resolvePath` returns for a field and its value. */
export function resolvePaths(
  entry: ConnectorSettings,
  options: {
    readonly definitions: readonly ConnectorDefinition[];
    resolvePath(field: string, path: string): string;
  },
): ConnectorSettings {
  const { definitions, resolvePath } = options;
  const { paths = [] } = definitions.find(({ type }) => type === entry.type) ?? {};
  const given = Object.entries(entry).filter(([field, value]) => paths.includes(field) && typeof value === 'string');
  return { ...entry, ...Object.fromEntries(given.map(([field, value]) => [field, resolvePath(field, String(value))])) };
}
