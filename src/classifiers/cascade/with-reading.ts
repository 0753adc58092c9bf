import { nameLeaf } from '../../taxonomy/name-leaf.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { scaleRunnersUp } from '../calibration/scale-runners-up.ts';
import type { Classification, RankedIntent } from '../classifier.ts';
import { nameEngine } from '../name-engine.ts';

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
  const isSame = reading.intent === answer.intent;
  // A model that finds no intent fitting names the nearest one all the same, but that is no reading of the ticket.
  const fitsNone = reading.stated?.certainty === 'none_fits';
  const chosen = isSame || fitsNone ? [] : [{ intent: reading.intent, confidence: reading.confidence }];
  const { confidence } = answer;
  return {
    ...answer,
    urgency: reading.urgency,
    sentiment: reading.sentiment,
    language: answer.language ?? reading.language,
    secondaryIntents: reading.secondaryIntents.filter((intent) => intent !== answer.intent),
    reasoning:
      isSame && !fitsNone
        ? `${reading.reasoning} ${answer.reasoning}`.trim()
        : `${answer.reasoning} ${nameEngine(reading)} ${fitsNone ? 'found that no intent fits' : `read it as ${nameLeaf(taxonomy, reading.intent)}`}: ${reading.reasoning}`.trim(),
    runnersUp: scaleRunnersUp(merge([...chosen, ...answer.runnersUp]), { from: confidence, to: confidence }),
    versions: { ...answer.versions, prompt: reading.versions.prompt },
  };
}

/** Each intent once, with its highest confidence, the likeliest first. */
function merge(ranked: readonly RankedIntent[]): RankedIntent[] {
  const highest = new Map<string, number>();
  for (const { intent, confidence } of ranked) highest.set(intent, Math.max(confidence, highest.get(intent) ?? 0));
  return [...highest]
    .map(([intent, confidence]) => ({ intent, confidence }))
    .sort((a, b) => b.confidence - a.confidence);
}
