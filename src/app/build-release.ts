import { versionOf } from '../base/hash.ts';
import { readCalibration } from '../classifiers/calibration/calibration-file.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import { describeEngine } from '../config/describe-engine.ts';
import { createRelease, type Release } from '../routing/release.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';

const calibratedEngines = ['local', 'claude', 'second-opinion'] as const;

/** The release that this configuration decides with. */
export async function buildRelease(options: { config: LoadedConfig; taxonomy: Taxonomy }): Promise<Release> {
  const { config, taxonomy } = options;
  const { settings } = config;
  const { triageTeam, teams, routing, slas, claude, retrieval, classifier, confidence, dataDir } = settings;
  const { kind } = describeEngine(config);
  const asksClaude = kind === 'claude' || kind === 'cascade';
  const { model, effort, thinking, output, strategy, secondOpinion } = claude;
  const calibrations: Record<string, string> = {};
  for (const engine of calibratedEngines) {
    const calibration = await readCalibration({ dataDir, engine, taxonomy: taxonomy.version });
    if (calibration !== null) calibrations[engine] = calibration.version;
  }
  return createRelease({
    taxonomy: taxonomy.version,
    rules: versionOf({ triageTeam, teams, routing, slas }),
    prompt: asksClaude ? await promptVersionOf({ config, taxonomy }) : null,
    engine: {
      kind,
      ...(typeof classifier === 'object' ? { url: classifier.http } : {}),
      ...(asksClaude ? { model, effort, thinking, output, strategy, secondOpinion, retrieval } : {}),
    },
    confidence,
    calibrations,
  });
}

async function promptVersionOf(options: { config: LoadedConfig; taxonomy: Taxonomy }): Promise<string> {
  const { createPromptBook } = await import('../classifiers/claude/prompt-book.ts');
  return createPromptBook({ taxonomy: options.taxonomy, settings: options.config.settings.claude }).version;
}
