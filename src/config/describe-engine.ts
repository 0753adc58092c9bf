import type { LoadedConfig } from './config-schema.ts';

/** The engine that a configuration chooses. `why` is for people: `no ANTHROPIC_API_KEY: embedded engine`. */
export type EngineChoice = { readonly kind: 'local' | 'claude' | 'cascade' | 'http'; readonly why: string };

/** Chooses the engine of a configuration and builds nothing. */
export function describeEngine({ settings, secrets }: LoadedConfig): EngineChoice {
  const { classifier: wanted, claude } = settings;
  if (typeof wanted === 'object') {
    return { kind: 'http', why: `your own classifier at ${new URL(wanted.http).host}, as configured` };
  }
  if (wanted === 'local') return { kind: 'local', why: 'embedded engine, as configured' };
  if (wanted === 'claude') {
    return { kind: 'claude', why: `${claude.model}, with the embedded engine where it gives no answer` };
  }
  if (wanted === 'auto' && secrets.anthropicApiKey === null) {
    return { kind: 'local', why: 'no ANTHROPIC_API_KEY: embedded engine' };
  }
  return { kind: 'cascade', why: `embedded engine where it is sure, otherwise ${claude.model}` };
}

/** Ids of the models of Claude that the engine may call; none for the embedded engine and for a classifier of your own. */
export function modelsAsked(config: LoadedConfig): string[] {
  const { model, secondOpinion } = config.settings.claude;
  const { kind } = describeEngine(config);
  if (kind === 'claude') return [model];
  if (kind !== 'cascade') return [];
  return secondOpinion === null ? [model] : [model, secondOpinion];
}
