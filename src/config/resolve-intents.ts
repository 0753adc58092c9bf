import type { ConnectorSettings } from '../connectors/connector-settings.ts';
import { presentIntent } from '../taxonomy/resolve-intent.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import type { SwitchboardConfig } from './config-schema.ts';

/** Replaces former ids of intents (`aliases`) in rules and modes by those of today. */
export function resolveIntents<Settings extends Pick<SwitchboardConfig, 'routing' | 'connectors'>>(
  settings: Settings,
  taxonomy: Taxonomy,
): Settings {
  // Ids that are not in the tree were refused when the files were read.
  const present = (intent: string) => presentIntent(taxonomy, intent);
  return {
    ...settings,
    routing: settings.routing.map((rule) =>
      rule.when.intent === undefined
        ? rule
        : { ...rule, when: { ...rule.when, intent: rule.when.intent.map((intent) => present(intent)) } },
    ),
    connectors: Object.fromEntries(
      Object.entries(settings.connectors).map(([name, connector]) => [
        name,
        { ...connector, modes: resolveModes(connector.modes, present) },
      ]),
    ),
  };
}

function resolveModes(
  modes: ConnectorSettings['modes'],
  present: (intent: string) => string,
): ConnectorSettings['modes'] {
  const resolved = Object.entries(modes).map(([pattern, mode]) => {
    const [, intent = pattern, below = ''] = /^(.*?)(\/\*)?$/.exec(pattern) ?? [];
    return [`${present(intent)}${below}`, mode] as const;
  });
  // When a mode is written for the id of today and another for a former one, the first counts.
  const current = Object.entries(modes).filter(([pattern]) => resolved.some(([key]) => key === pattern));
  return Object.fromEntries([...resolved, ...current]);
}
