import type { AnswerRecord } from '../opinion.ts';
import type { JudgedAnswer } from './judged-answer.ts';

/** Answers whose confidence differs by no more than this are of about the same level … */
const BAND = 0.05;
/** … and where fewer are, as many as this of the nearest. */
const FEWEST = 20;

/** The held-out answers of about this confidence, and how many of them were right. */
export function recordAt(answers: readonly JudgedAnswer[], confidence: number): AnswerRecord {
  let [right, of] = [0, 0];
  for (const answer of answers) {
    if (Math.abs(answer.confidence - confidence) > BAND) continue;
    of += 1;
    if (answer.correct) right += 1;
  }
  // Each ticket asks, and there may be ten thousand answers: they are sorted only where few are near.
  if (of >= FEWEST) return { right, of };
  const nearest = answers
    .map((answer) => ({ correct: answer.correct, distance: Math.abs(answer.confidence - confidence) }))
    .sort((a, b) => a.distance - b.distance);
  const level = nearest.filter(({ distance }, i) => distance <= BAND || i < FEWEST);
  return recordOf(level);
}

export function recordOf(answers: readonly { readonly correct: boolean }[]): AnswerRecord {
  return { right: answers.filter(({ correct }) => correct).length, of: answers.length };
}
