import { type Saying, say, sayAll, sayingOf } from '../../base/say.ts';
import { nameLeaf } from '../../taxonomy/name-leaf.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Classification } from '../classifier.ts';
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
  const own = sayingOf(answer.reasoning, answer.reasoningFacts);
  const read = sayingOf(reading.reasoning, reading.reasoningFacts);
  const reasoning =
    isSame && !fitsNone
      ? sayAll([read, own])
      : sayAll([own, howRead({ reading, name: fitsNone ? null : nameLeaf(taxonomy, reading.intent) }), read]);
  return {
    ...answer,
    urgency: reading.urgency,
    sentiment: reading.sentiment,
    language: answer.language ?? reading.language,
    secondaryIntents: reading.secondaryIntents.filter((intent) => intent !== answer.intent),
    reasoning: reasoning.text,
    reasoningFacts: reasoning.facts,
    runnersUp:
      isSame || fitsNone
        ? answer.runnersUp
        : withChosen(answer, { intent: reading.intent, stated: reading.confidence }),
    versions: { ...answer.versions, prompt: reading.versions.prompt },
  };
}

/** `name` is that of the intent; null where the model found that none fits. */
function howRead({ reading, name }: { reading: Classification; name: string | null }): Saying {
  const { stage } = reading;
  return name === null
    ? say('why.none-fits', `${nameEngine(reading)} found that no intent fits:`, { stage })
    : say('why.read-as', `${nameEngine(reading)} read it as ${name}:`, { stage, intent: name });
}

/**
 * The runners-up with the intent that a model chose, unless it is among them. It gets no more than they leave: the
 * figures are one engine's, and the reasoning names them.
 */
function withChosen(
  { confidence, runnersUp }: Classification,
  { intent, stated }: { intent: string; stated: number },
): Classification['runnersUp'] {
  if (runnersUp.some((rival) => rival.intent === intent)) return runnersUp;
  const left = 1 - confidence - runnersUp.reduce((sum, rival) => sum + rival.confidence, 0);
  const chosen = { intent, confidence: Math.max(0, Math.min(stated, confidence, left)) };
  return [...runnersUp, chosen].sort((a, b) => b.confidence - a.confidence);
}
