import type { Environment } from './environment.ts';

/** The environment of this process, for callers that were not given one. No other file reads it. */
export function processEnvironment(): Environment {
  return process.env;
}
