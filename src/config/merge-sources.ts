import type { Located, LocatedYaml, Path, Place } from '../base/located-yaml.ts';
import { type EnvironmentSetting, placeOf } from './environment.ts';

export type Flat = { readonly path: readonly string[]; readonly value: unknown };

/** Lists the single values of an object with their paths; undefined values are left out. */
export function flatten(value: object, path: readonly string[] = []): Flat[] {
  return Object.entries(value).flatMap(([key, item]: [string, unknown]): Flat[] => {
    if (item === undefined) return [];
    return isPlainObject(item) ? flatten(item, [...path, key]) : [{ path: [...path, key], value: item }];
  });
}

export type Merged = Located & {
  /** False when the value at the path came from the environment or the command line. */
  isFromFile(path: Path): boolean;
};

/** Merges file, environment and command line into one value, and keeps where each part of it came from. */
export function mergeSources(options: {
  located: LocatedYaml;
  settings: readonly EnvironmentSetting[];
  overrides: readonly Flat[];
}): Merged {
  const { located } = options;
  const origins = new Map<string, Place>();
  // An empty file is a configuration in which everything has its default.
  let value: unknown = structuredClone(located.value ?? {});
  const key = (path: Path) => JSON.stringify(path.map(String));
  const put = (path: readonly string[], item: unknown, place: Place) => {
    value = withValue(value, path, item);
    origins.set(key(path), place);
  };
  for (const setting of options.settings) put(setting.path, setting.value, placeOf(setting.variable));
  for (const { path, value: item } of options.overrides) put(path, item, { file: 'command line', line: null });

  const origin = (path: Path): Place | undefined => {
    for (let length = path.length; length > 0; length--) {
      const place = origins.get(key(path.slice(0, length)));
      if (place !== undefined) return place;
    }
    return undefined;
  };
  return {
    value,
    locate: (path) => origin(path) ?? located.locate(path),
    locateKey: (path) => origin(path) ?? located.locateKey(path),
    isFromFile: (path) => origin(path) === undefined,
  };
}

function withValue(target: unknown, path: readonly string[], item: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return item;
  const base = isPlainObject(target) ? target : {};
  return { ...base, [key]: withValue(Reflect.get(base, key), rest, item) };
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
