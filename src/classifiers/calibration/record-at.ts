import type { AnswerRecord } from '../opinion.ts';
import type { JudgedAnswer } from './judged-answer.ts';

/** Answers whose confidence differs by no more than this are of about the same level … */
const BAND = 0.05;
/** … and where fewer are, as many as this of the nearest. */
const FEWEST = 20;

/** The held-out answers of about this confidence, and how many of them were right. */
export function recordAt(answers: readonly JudgedAnswer[], confidence: number): AnswerRecord {
  const nearest = answers
    .map((answer) => ({ correct: answer.correct, distance: Math.abs(answer.confidence - confidence) }))
    .sort((a, b) => a.distance - b.distance);
  const level = nearest.filter(({ distance }, i) => distance <= BAND || i < FEWEST);
  return recordOf(level);
}

export function recordOf(answers: readonly { readonly correct: boolean }[]): AnswerRecord {
  return { right: answers.filter(({ correct }) => correct).length, of: answers.length };
}
