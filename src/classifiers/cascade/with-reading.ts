import { nameLeaf } from '../../taxonomy/name-leaf.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Classification, RankedIntent } from '../classifier.ts';

/**
 * Adds to the embedded engine's answer what a model has read in the same ticket: urgency, sentiment, further intents and
 * its reasoning. It was paid for and helps the person who looks, also where the embedded engine is likelier right. Where
 * the model chose another intent, that one is among the runners-up.
 */
export function withReading(options: {
  answer: Classification;
  reading: Classification | null;
  taxonomy: Taxonomy;
}): Classification {
  const { answer, reading, taxonomy } = options;
  if (reading === null || answer.stage !== 'local' || reading.intent === null) return answer;
  const agrees = reading.intent === answer.intent;
  const chosen = agrees
    ? []
    : [{ intent: reading.intent, confidence: Math.min(answer.confidence, reading.confidence) }];
  return {
    ...answer,
    urgency: reading.urgency,
    sentiment: reading.sentiment,
    language: answer.language ?? reading.language,
    secondaryIntents: reading.secondaryIntents.filter((intent) => intent !== answer.intent),
    reasoning: agrees
      ? `${reading.reasoning} ${answer.reasoning}`.trim()
      : `${answer.reasoning} ${nameModel(reading)} read it as ${nameLeaf(taxonomy, reading.intent)}: ${reading.reasoning}`.trim(),
    runnersUp: merge([...chosen, ...answer.runnersUp]),
    versions: { ...answer.versions, prompt: reading.versions.prompt },
  };
}

/** The model behind an answer, at the beginning of a sentence. */
export function nameModel({ stage }: Pick<Classification, 'stage'>): string {
  return stage === 'second-opinion' ? 'The second opinion' : 'Claude';
}

/** Each intent once, with its highest confidence, the likeliest first. */
function merge(ranked: readonly RankedIntent[]): RankedIntent[] {
  const highest = new Map<string, number>();
  for (const { intent, confidence } of ranked) highest.set(intent, Math.max(confidence, highest.get(intent) ?? 0));
  return [...highest]
    .map(([intent, confidence]) => ({ intent, confidence }))
    .sort((a, b) => b.confidence - a.confidence);
}
