import type { LoadedConfig } from '../config/config-schema.ts';
import { describeEngine } from '../config/describe-engine.ts';
import { SwitchboardError } from '../errors.ts';
import type { BuiltEngine } from './build-engine.ts';
import { removeEngineCaches } from './engine-caches.ts';

/** Thrown by a process that only takes tickets in when it is asked to decide one itself. */
export class NoEngineError extends SwitchboardError {
  constructor() {
    super({
      code: 'no-engine',
      message:
        'This process takes tickets in and has no engine (serve --no-worker). Send the ticket to POST /v1/tickets?wait=30s, which answers with the decision of a worker, or ask a server that was started without --no-worker.',
    });
  }
}

/** What a door has in place of an engine: nothing is trained, loaded or learned. */
export function createNoEngine(config: LoadedConfig): BuiltEngine {
  const { kind, why } = describeEngine(config);
  return {
    classifier: {
      id: 'none',
      classify: async () => {
        throw new NoEngineError();
      },
    },
    engine: { kind, why: `none in this process; the workers decide (${why})` },
    teach: async () => {},
    forget: async () => {},
    dropTraces: () => removeEngineCaches(config.settings.dataDir),
    degradations: () => [],
    close: async () => {},
  };
}
