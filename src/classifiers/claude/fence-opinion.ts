import type { Opinion } from '../opinion.ts';
import { choiceAbove } from './labels.ts';
import type { FencedOpinion } from './prompt/ticket-message.ts';
import type { Question } from './prompt-book.ts';

const MOST_SHOWN = 3;
/** Intents that are less likely only take room. */
const LEAST_SHOWN = 0.05;

/**
 * The opinion in the labels of a question. Intents below the same choice are added up, and those of other branches left
 * out; null where nothing is left.
 */
export function fenceOpinion({
  opinion,
  question,
}: {
  opinion: Opinion | null;
  question: Question;
}): FencedOpinion | null {
  if (opinion === null) return null;
  const { choices } = question.labels;
  const probabilities = new Map<string, number>();
  for (const { intent, confidence } of opinion.intents) {
    const choice = choiceAbove({ choices, leaf: intent });
    if (choice === null) continue;
    const label = question.labels.labelOf(choice.id);
    probabilities.set(label, Math.min(1, (probabilities.get(label) ?? 0) + confidence));
  }
  const labels = [...probabilities]
    .map(([label, probability]) => ({ label, probability }))
    .filter(({ probability }) => probability >= LEAST_SHOWN)
    .sort((a, b) => b.probability - a.probability)
    .slice(0, MOST_SHOWN);
  return labels.length === 0 ? null : { labels, ...opinion.record };
}
