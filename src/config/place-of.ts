import type { Path, Place } from '../base/located-yaml.ts';
import type { LoadedConfig } from './config-schema.ts';

/** The file and the line of a setting, for messages about it. */
export function placeOf(config: LoadedConfig, path: Path): Place {
  return config.locate?.(path) ?? { file: config.file ?? 'the configuration', line: null };
}
