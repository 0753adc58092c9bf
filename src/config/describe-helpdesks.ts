import { formatAge } from '../base/duration.ts';
import { list } from '../base/plural.ts';
import { connectorDefinitions } from '../connectors/registry.ts';
import type { LoadedConfig } from './config-schema.ts';

/** One line for each connector that brings tickets: what it is, its mode, what it takes in, and how it learns of changes. */
export function describeHelpdesks({ settings, secrets }: Pick<LoadedConfig, 'settings' | 'secrets'>): string[] {
  return Object.entries(settings.connectors).flatMap(([name, entry]) => {
    const definition = connectorDefinitions.find(({ type }) => type === entry.type);
    if (definition === undefined) return [];
    const isPolled = entry.poll !== null && !definition.unusedFields?.includes('poll');
    const receives = secrets.connectors[name]?.WEBHOOK_SECRET !== undefined;
    if (!isPolled && !receives) return [];
    const modes = Object.entries(entry.modes).map(([intent, mode]) => `${mode} for ${intent}`);
    const scope = [...entry.groups, ...entry.queues, ...entry.brands, ...entry.statuses];
    const ways = [
      ...(receives ? [`webhooks at /webhooks/${name}`] : []),
      ...(isPolled ? [`asked for changes every ${formatAge((entry.poll ?? 0) / 1_000)} at the latest`] : []),
    ];
    return [
      `${name}: ${definition.about.title}, ${[`mode ${entry.mode}`, ...modes].join(', ')}, ${scope.length === 0 ? 'all tickets' : `tickets in ${list(scope)}`}; ${ways.join(', ')}`,
    ];
  });
}
