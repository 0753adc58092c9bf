import type { Saying } from '../base/say.ts';
import { type Classification, noUsage } from './classifier.ts';

/** The classification of a ticket that no engine has read: no intent, stage `none`, and why. */
export function createNoAnswer(options: {
  readonly reason: Saying;
  readonly reasoning: Saying;
  readonly taxonomyVersion: string;
}): Classification {
  const { reason, reasoning, taxonomyVersion } = options;
  return {
    intent: null,
    confidence: 0,
    abstained: true,
    abstainReason: reason.text,
    abstainFacts: reason.facts,
    reasoning: reasoning.text,
    reasoningFacts: reasoning.facts,
    decidingWords: [],
    runnersUp: [],
    nearestExamples: [],
    secondaryIntents: [],
    urgency: null,
    sentiment: null,
    language: null,
    stage: 'none',
    stageReason: reason.text,
    stageFacts: reason.facts,
    model: null,
    versions: { taxonomy: taxonomyVersion, prompt: null, examples: null, thresholds: null },
    usage: noUsage,
    costUsd: 0,
    latencyMs: 0,
  };
}
