import { say } from '../base/say.ts';
import type { ModelUse } from '../classifiers/model-api/model-account.ts';
import { findMissingForEmbedder, missingApiKey } from '../config/check-runnable.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import { formatProblem, SwitchboardError } from '../errors.ts';
import { type Finding, finding } from './finding.ts';

/** Whether the configured engine has the key that it needs. */
export function checkEngine(config: LoadedConfig): Finding {
  const { settings, secrets } = config;
  const { classifier } = settings;
  const { model } = settings.claude;
  const hasKey = secrets.anthropicApiKey !== null;
  if (typeof classifier === 'object')
    return finding(
      'engine',
      'ok',
      say('doctor.own-classifier', `your own classifier, at ${classifier.http}`, { address: classifier.http }),
    );
  if (!hasKey && (classifier === 'claude' || classifier === 'cascade')) {
    return { check: 'engine', status: 'failed', detail: formatProblem(missingApiKey(config)) };
  }
  if (classifier === 'local') return finding('engine', 'ok', say('setup.embedded', 'embedded engine, as configured'));
  return hasKey
    ? finding(
        'engine',
        'ok',
        say('doctor.with-key', `${classifier}, with ${model}; ANTHROPIC_API_KEY is set`, { classifier, model }),
      )
    : finding('engine', 'note', say('doctor.no-key', 'no ANTHROPIC_API_KEY: the embedded engine decides alone'));
}

/** What the embedder of the examples lacks, so that the server would not start. */
export function checkEmbedder(config: LoadedConfig): Finding[] {
  return findMissingForEmbedder(config).map((problem) => ({
    check: 'embedder',
    status: 'failed',
    detail: formatProblem(problem),
  }));
}

/**
 * Makes one cheap call to Claude if the configuration uses it. The findings include its cost. `open` gives what the call
 * shares with others: the budget and the circuit breakers.
 */
export async function checkClaudeAnswers(
  config: LoadedConfig,
  open: () => Promise<{ readonly modelUse: ModelUse; close(): Promise<void> }>,
): Promise<Finding[]> {
  if (!asksClaude(config)) return [];
  const { checkClaude } = await import('../classifiers/claude/check-claude.ts');
  const { connectClaude } = await import('../app/build-claude.ts');
  const { modelUse, close } = await open();
  try {
    const connection = connectClaude({ config, modelUse });
    const { checks } = await checkClaude({ connection, settings: config.settings.claude });
    return [...checks];
  } finally {
    await close();
  }
}

function asksClaude({ settings, secrets }: LoadedConfig): boolean {
  const { classifier } = settings;
  return secrets.anthropicApiKey !== null && classifier !== 'local' && typeof classifier !== 'object';
}

/** For a command: the spend is booked in the store where that can be opened. */
export async function openUseOfCommand(config: LoadedConfig) {
  const { openCommandModelUse } = await import('../app/open-command-use.ts');
  const { createModelUse } = await import('../classifiers/model-api/model-account.ts');
  // A store that cannot be opened is a finding of `checkStore`; Claude is called anyway.
  const booked = await openCommandModelUse(config, { leavesStoreAsIs: true }).catch((error: unknown) => {
    if (error instanceof SwitchboardError) return null;
    throw error;
  });
  if (booked !== null) return booked;
  const { dailyBudgetUsd } = config.settings.claude;
  return { modelUse: createModelUse({ dailyBudgetUsd }), close: async () => undefined };
}
