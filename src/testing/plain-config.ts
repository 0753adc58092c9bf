import { configSchema, type LoadedConfig } from '../config/config-schema.ts';

/** A configuration in which everything has its default, without secrets, as if no file had been read. */
export function plainConfig(parts: Partial<LoadedConfig> = {}): LoadedConfig {
  return {
    settings: configSchema.parse({}),
    secrets: {
      anthropicApiKey: null,
      anthropicBaseUrl: null,
      voyageApiKey: null,
      databaseUrl: null,
      token: null,
      connectors: {},
    },
    file: null,
    isSample: false,
    runsDir: 'runs',
    ...parts,
  };
}
