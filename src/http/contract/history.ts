import { z } from 'zod';
import { actorSchema } from '../../base/actor.ts';
import { historyEvents, historyFacts } from '../../store/history-facts.ts';

const entryFields = {
  seq: z.number().int().describe('The order of events. As Last-Event-ID, it resumes the stream of events.'),
  at: z.iso.datetime(),
  by: z.string().describe('A display name.'),
  actor: actorSchema.describe(
    'Who did it: a user, a token, a connector or Switchboard itself. Never taken from the body of a request.',
  ),
  detail: z.string().describe('What happened, as a text for people.'),
};

/** Events that version 0.1.0 wrote have no facts. */
const noFacts = z.strictObject({}).describe('Empty for events that version 0.1.0 wrote.');

/** A union over `event`, which decides the fields of `facts`. */
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
  ticketId: z
    .string()
    .nullable()
    .describe('Null for an event that is not about one ticket, such as an import of examples.'),
});
