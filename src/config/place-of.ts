import type { Path, Place } from '../base/located-yaml.ts';
import type { LoadedConfig } from './config-schema.ts';

/** Where a setting was written, for messages about it. */
export function placeOf(config: LoadedConfig, path: Path): Place {
  return config.locate?.(path) ?? { file: config.file ?? 'the configuration', line: null };
}
