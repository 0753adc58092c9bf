import type { Problem } from '../errors.ts';
import type { LoadedConfig } from './config-schema.ts';

/** The connector that tickets of the HTTP API belong to; the pipeline delivers their decisions by it. */
const API_CONNECTOR = 'api';

type Gap = { readonly path: readonly string[]; readonly message: string; readonly cure: string };

/** Why decisions on tickets of the HTTP API reach no helpdesk, and what to do; null when they are delivered. */
export function findDeliveryGap({ settings }: Pick<LoadedConfig, 'settings'>): Gap | null {
  const api = Object.hasOwn(settings.connectors, API_CONNECTOR) ? settings.connectors[API_CONNECTOR] : undefined;
  if (api === undefined) {
    return {
      path: ['connectors'],
      message: 'decisions are stored and shown, and delivered nowhere: there is no connectors.api',
      cure: 'Add connectors.api, for example `api: { type: file, mode: auto }`.',
    };
  }
  if (![api.mode, ...Object.values(api.modes)].every((mode) => mode === 'shadow')) return null;
  return {
    path: ['connectors', API_CONNECTOR],
    message: 'decisions are stored and shown, and delivered nowhere: connectors.api is in shadow mode',
    cure: 'Set its mode to assist or auto when you trust what you see.',
  };
}

/** The gap as a warning with its place. */
export function warnOfDelivery(config: LoadedConfig): Problem[] {
  const gap = findDeliveryGap(config);
  if (gap === null) return [];
  const place = config.locate?.(gap.path) ?? { file: config.file ?? 'the configuration', line: null };
  return [{ ...place, message: gap.message, cure: gap.cure }];
}
