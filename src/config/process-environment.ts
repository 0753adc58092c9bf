import type { Environment } from './environment.ts';

/** The environment of this process, for callers that were not handed one. */
export function processEnvironment(): Environment {
  return process.env;
}
