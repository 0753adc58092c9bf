import { z } from 'zod';
import { actorSchema } from '../../base/actor.ts';
import { historyEvents, historyFacts } from '../../store/history-facts.ts';

const entryFields = {
  seq: z.number().int().describe('Orders events, and resumes the stream of events.'),
  at: z.iso.datetime(),
  by: z.string().describe('A name for people.'),
  actor: actorSchema.describe('Who it was, as the door established it.'),
  detail: z.string().describe('What happened, for people.'),
};

/** Events of 0.1.0 have none. */
const noFacts = z.strictObject({}).describe('For what happened before facts were kept.');

/** `event` says which `facts` there are. */
function createHistorySchema<Fields extends z.ZodRawShape>(fields: Fields) {
  const [first, ...others] = historyEvents.map((event) =>
    z.object({ ...fields, ...entryFields, event: z.literal(event), facts: z.union([historyFacts[event], noFacts]) }),
  );
  if (first === undefined) throw new TypeError('there is no event');
  return z.discriminatedUnion('event', [first, ...others]);
}

/** An entry of a ticket's history. */
export const historyEntrySchema = createHistorySchema({});

/** `data` of an event in the stream. */
export const streamEventSchema = createHistorySchema({
  ticketId: z.string().nullable().describe('Null for what is about no single ticket, such as an import of examples.'),
});
