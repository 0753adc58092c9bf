import type { AskedPrompts } from '../classifiers/calibration/asked-prompt.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import type { LoadedConfig } from './config-schema.ts';
import { describeEngine } from './describe-engine.ts';

/** The models that a configuration asks, each with the version of the prompt; none where only the embedded engine decides. */
export async function askedPrompts(options: { config: LoadedConfig; taxonomy: Taxonomy }): Promise<AskedPrompts> {
  const { config, taxonomy } = options;
  const { kind } = describeEngine(config);
  if (kind !== 'claude' && kind !== 'cascade') return {};
  const { model, secondOpinion } = config.settings.claude;
  const { createPromptBook } = await import('../classifiers/claude/prompt-book.ts');
  const prompt = createPromptBook({ taxonomy, settings: config.settings.claude }).version;
  return {
    claude: { model, prompt },
    ...(kind === 'cascade' && secondOpinion !== null && { 'second-opinion': { model: secondOpinion, prompt } }),
  };
}
