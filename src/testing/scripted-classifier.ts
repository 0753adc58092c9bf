import type { Classification, Classifier } from '../classifiers/classifier.ts';
import type { Ticket } from '../ticket/ticket.ts';
import { sampleClassification } from './sample-values.ts';

/** A classifier that returns prepared answers and records which tickets it got. */
export type ScriptedClassifier = Classifier & { readonly asked: readonly string[] };

export function scriptedClassifier(
  answer: (ticket: Ticket, timesAsked: number) => Partial<Classification> | Promise<Partial<Classification>>,
): ScriptedClassifier {
  const asked: string[] = [];
  return {
    id: 'scripted',
    asked,
    async classify({ ticket }) {
      asked.push(ticket.id);
      const times = asked.filter((id) => id === ticket.id).length;
      return sampleClassification({ stage: 'claude', ...(await answer(ticket, times)) });
    },
  };
}
