import type { LoadedConfig } from '../config/config-schema.ts';

/** Which engine a configuration means, without building it. */
export function describeEngine({ settings, secrets }: LoadedConfig): { kind: string; why: string } {
  const wanted = settings.classifier;
  if (typeof wanted === 'object') return { kind: 'http', why: `your own classifier at ${new URL(wanted.http).host}` };
  if (wanted === 'local') return { kind: 'local', why: 'embedded engine, as configured' };
  const hasKey = secrets.anthropicApiKey !== null;
  if (wanted === 'auto' && !hasKey) return { kind: 'local', why: 'no ANTHROPIC_API_KEY: embedded engine' };
  const kind = wanted === 'auto' ? 'cascade' : wanted;
  const model = settings.claude.model;
  return { kind, why: kind === 'claude' ? model : `embedded engine, then ${model} where it is not sure` };
}
