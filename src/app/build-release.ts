import { versionOf } from '../base/hash.ts';
import { type Calibrations, calibratedEngines } from '../classifiers/calibration/calibrations.ts';
import { askedPrompts } from '../config/asked-prompts.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import { describeEngine } from '../config/describe-engine.ts';
import { createRelease, type Release } from '../routing/release.ts';
import type { UrgencyPhrases } from '../routing/urgency-phrases.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import type { LiveCalibrations } from './live-calibrations.ts';

/** The release of a configuration: one id for everything that its decisions depend on. */
export async function buildRelease(options: {
  config: LoadedConfig;
  taxonomy: Taxonomy;
  urgencyPhrases: UrgencyPhrases;
  calibrations: Calibrations;
}): Promise<Release> {
  const { config, taxonomy, urgencyPhrases } = options;
  const { settings } = config;
  const { triageTeam, teams, routing, slas, calendars, claude, retrieval, classifier, confidence } = settings;
  const { kind } = describeEngine(config);
  const asksClaude = kind === 'claude' || kind === 'cascade';
  const { model, effort, thinking, output, strategy, secondOpinion } = claude;
  const calibrations: Record<string, string> = {};
  for (const engine of calibratedEngines) {
    const calibration = options.calibrations.get(engine);
    if (calibration !== null) calibrations[engine] = calibration.version;
  }
  return createRelease({
    taxonomy: taxonomy.version,
    rules: versionOf({
      // Left out where there are none, so that a release of before keeps its id.
      ...{ triageTeam, teams, routing, slas, ...(Object.keys(calendars).length > 0 && { calendars }) },
      // Without phrases of its own, a company keeps the release that it had before there were any.
      ...(Object.keys(urgencyPhrases).length === 0 ? {} : { urgencyPhrases }),
    }),
    prompt: (await askedPrompts({ config, taxonomy })).claude?.prompt ?? null,
    engine: {
      kind,
      ...(typeof classifier === 'object' ? { url: classifier.http } : {}),
      ...(asksClaude ? { model, effort, thinking, output, strategy, secondOpinion, retrieval } : {}),
    },
    confidence,
    calibrations,
  });
}

/**
 * Returns a function that gives the release in use. When calibrations change, a new release is built and saved before it
 * comes into use, so that every decision names the calibrations that it was made with.
 */
export async function followRelease(options: {
  config: LoadedConfig;
  taxonomy: Taxonomy;
  urgencyPhrases: UrgencyPhrases;
  calibrations: Pick<LiveCalibrations, 'get' | 'onChange'>;
  save: (release: Release) => Promise<void>;
}): Promise<() => Release> {
  const { calibrations, save } = options;
  let current = await buildRelease(options);
  await save(current);
  calibrations.onChange(async (changed) => {
    const next = await buildRelease({ ...options, calibrations: changed });
    await save(next);
    return () => {
      current = next;
    };
  });
  return () => current;
}
