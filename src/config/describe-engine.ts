import { type Saying, say } from '../base/say.ts';
import type { LoadedConfig } from './config-schema.ts';

/** The engine that a configuration chooses. `why` is for people: `no ANTHROPIC_API_KEY: embedded engine`. */
export type EngineChoice = {
  readonly kind: 'local' | 'claude' | 'cascade' | 'http';
  readonly why: string;
  readonly whyFacts?: Saying['facts'];
};

/** Chooses the engine of a configuration and builds nothing. */
export function describeEngine({ settings, secrets }: LoadedConfig): EngineChoice {
  const { classifier: wanted } = settings;
  const { model } = settings.claude;
  if (typeof wanted === 'object') {
    const { host } = new URL(wanted.http);
    return choice('http', say('setup.own-classifier', `your own classifier at ${host}, as configured`, { host }));
  }
  if (wanted === 'local') return choice('local', say('setup.embedded', 'embedded engine, as configured'));
  if (wanted === 'claude') {
    const text = `${model}, with the embedded engine where it gives no answer`;
    return choice('claude', say('setup.claude', text, { model }));
  }
  if (wanted === 'auto' && secrets.anthropicApiKey === null) {
    return choice('local', say('setup.no-key', 'no ANTHROPIC_API_KEY: embedded engine'));
  }
  const text = `embedded engine where it is sure, otherwise ${model}`;
  return choice('cascade', say('setup.cascade', text, { model }));
}

const choice = (kind: EngineChoice['kind'], { text, facts }: Saying): EngineChoice => ({
  ...{ kind, why: text, whyFacts: facts },
});

/** Ids of the models of Claude that the engine may call; none for the embedded engine and for a classifier of your own. */
export function modelsAsked(config: LoadedConfig): string[] {
  const { model, secondOpinion } = config.settings.claude;
  const { kind } = describeEngine(config);
  if (kind === 'claude') return [model];
  if (kind !== 'cascade') return [];
  return secondOpinion === null ? [model] : [model, secondOpinion];
}
