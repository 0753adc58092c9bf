import type { Problem } from '../errors.ts';
import type { LoadedConfig } from './config-schema.ts';
import { placeOf } from './place-of.ts';

/** The connector of tickets that come through the HTTP API; the pipeline delivers their decisions with it. */
const API_CONNECTOR = 'api';

type Gap = { readonly path: readonly string[]; readonly message: string; readonly cure: string };

/** Says why decisions about tickets of the HTTP API are not delivered, and what to do; null when they are. */
export function findDeliveryGap({ settings }: Pick<LoadedConfig, 'settings'>): Gap | null {
  const api = Object.hasOwn(settings.connectors, API_CONNECTOR) ? settings.connectors[API_CONNECTOR] : undefined;
  if (api === undefined) {
    // With a helpdesk, tickets that are posted here are the exception.
    if (Object.keys(settings.connectors).length > 0) return null;
    return {
      path: ['connectors'],
      message: 'decisions are stored and shown but not delivered: there is no connectors.api',
      cure: 'Add connectors.api, for example `api: { type: file, mode: auto }`.',
    };
  }
  if (![api.mode, ...Object.values(api.modes)].every((mode) => mode === 'shadow')) return null;
  return {
    path: ['connectors', API_CONNECTOR],
    message: 'decisions are stored and shown but not delivered: connectors.api is in shadow mode',
    cure: 'Set its mode to assist or auto once you trust the decisions.',
  };
}

/** The same as a warning with its place in the file. */
export function warnOfDelivery(config: LoadedConfig): Problem[] {
  const gap = findDeliveryGap(config);
  if (gap === null) return [];
  return [{ ...placeOf(config, gap.path), message: gap.message, cure: gap.cure }];
}
