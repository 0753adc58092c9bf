import { feedbackExampleId } from '../pipeline/learn.ts';
import type { EventFeed } from '../store/event-feed.ts';
import type { Store } from '../store/store.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';

export type Teacher = {
  /** Never rejects: what is stored is learned at the next start at the latest. */
  learn(examples: readonly LabelledTicket[]): Promise<void>;
};

/** Teaches the engine of this process what people correct, here or in another process on the same database. */
export function createTeacher(options: {
  store: Pick<Store, 'examples'>;
  events: EventFeed;
  learn: (examples: readonly LabelledTicket[]) => Promise<void>;
  onError: (error: unknown) => void;
}): Teacher {
  const { store, events, onError } = options;
  const learned = new Map<string, string>();
  const learn = async (examples: readonly LabelledTicket[]) => {
    const news = examples.filter((example) => {
      const content = JSON.stringify([example.intent, example.subject, example.body]);
      const isNew = learned.get(example.id) !== content;
      learned.set(example.id, content);
      return isNew;
    });
    if (news.length === 0) return;
    try {
      await options.learn(news);
    } catch (error) {
      for (const { id } of news) learned.delete(id);
      onError(error);
    }
  };
  events.subscribe({
    onEvent: ({ event, ticketId }) => {
      if (event !== 'feedback') return;
      store.examples
        .find([feedbackExampleId(ticketId)])
        .then((found) => learn(found.map(({ example }) => example)))
        .catch(onError);
    },
  });
  return { learn };
}
