import { say, sayingOf } from '../base/say.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import { describeEngine } from '../config/describe-engine.ts';
import { SwitchboardError } from '../errors.ts';
import type { BuiltEngine } from './build-engine.ts';
import { removeEngineCaches } from './engine-caches.ts';

/** Thrown by a process without an engine (`serve --no-worker`) when it is asked to decide a ticket itself. */
export class NoEngineError extends SwitchboardError {
  constructor() {
    super({
      code: 'no-engine',
      message:
        'This process only accepts tickets and has no engine (serve --no-worker). Send the ticket to POST /v1/tickets?wait=30s, which returns the decision of a worker, or use a server that was started without --no-worker.',
    });
  }
}

/** Takes the place of the engine in `serve --no-worker`: it trains, loads and learns nothing. */
export function createNoEngine(config: LoadedConfig): BuiltEngine {
  const { kind, why, whyFacts } = describeEngine(config);
  const text = `none in this process; the workers decide (${why})`;
  const none = say('setup.no-engine', text, { why: sayingOf(why, whyFacts) });
  return {
    classifier: {
      id: 'none',
      classify: async () => {
        throw new NoEngineError();
      },
    },
    engine: { kind, why: none.text, whyFacts: none.facts },
    requests: null,
    teach: async () => {},
    forget: async () => {},
    dropTraces: () => removeEngineCaches(config.settings.dataDir),
    degradations: () => [],
    close: async () => {},
  };
}
