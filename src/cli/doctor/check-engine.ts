import { findMissingForEmbedder, missingApiKey } from '../../config/check-runnable.ts';
import type { LoadedConfig } from '../../config/config-schema.ts';
import { formatProblem, SwitchboardError } from '../../errors.ts';
import type { Finding } from './finding.ts';

/** Whether the configured engine has the key that it needs. */
export function checkEngine(config: LoadedConfig): Finding {
  const { settings, secrets } = config;
  const { classifier } = settings;
  const hasKey = secrets.anthropicApiKey !== null;
  if (typeof classifier === 'object')
    return { check: 'engine', status: 'ok', detail: `your own classifier, at ${classifier.http}` };
  if (!hasKey && (classifier === 'claude' || classifier === 'cascade')) {
    return { check: 'engine', status: 'failed', detail: formatProblem(missingApiKey(config)) };
  }
  if (classifier === 'local') return { check: 'engine', status: 'ok', detail: 'embedded engine, as configured' };
  return hasKey
    ? {
        check: 'engine',
        status: 'ok',
        detail: `${classifier}, with ${settings.claude.model}; ANTHROPIC_API_KEY is set`,
      }
    : { check: 'engine', status: 'note', detail: 'no ANTHROPIC_API_KEY: the embedded engine decides alone' };
}

/** What the embedder of the examples lacks, so that the server would not start. */
export function checkEmbedder(config: LoadedConfig): Finding[] {
  return findMissingForEmbedder(config).map((problem) => ({
    check: 'embedder',
    status: 'failed',
    detail: formatProblem(problem),
  }));
}

/** Makes one cheap call to Claude if the configuration uses it. The findings include its cost. */
export async function checkClaudeAnswers(config: LoadedConfig): Promise<Finding[]> {
  const { settings, secrets } = config;
  const { classifier, claude } = settings;
  if (secrets.anthropicApiKey === null || classifier === 'local' || typeof classifier === 'object') return [];
  const { checkClaude } = await import('../../classifiers/claude/check-claude.ts');
  const { connectClaude } = await import('../../app/build-claude.ts');
  const { openCommandModelUse } = await import('../../app/open-command-use.ts');
  const { createModelUse } = await import('../../classifiers/model-api/model-account.ts');
  // A store that cannot be opened is a finding of `checkStore`; Claude is called anyway.
  const booked = await openCommandModelUse(config, { leavesStoreAsIs: true }).catch((error: unknown) => {
    if (error instanceof SwitchboardError) return null;
    throw error;
  });
  const modelUse = booked?.modelUse ?? createModelUse({ dailyBudgetUsd: claude.dailyBudgetUsd });
  try {
    const { checks } = await checkClaude({ connection: connectClaude({ config, modelUse }), settings: claude });
    return [...checks];
  } finally {
    await booked?.close();
  }
}
