import type { Classification } from './classifier.ts';

/** The engine behind an answer, at the beginning of a sentence. */
export function nameEngine({ stage }: Pick<Classification, 'stage'>): string {
  return stage === 'local' ? 'The embedded engine' : stage === 'second-opinion' ? 'The second opinion' : 'Claude';
}
