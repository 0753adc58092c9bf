import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { priorities } from '../routing/decision.ts';

const mailFactSchema = z.strictObject({
  what: z.string(),
  subject: z.string().optional(),
  body: z.string(),
  channel: z.string().optional(),
  requester: z.strictObject({ name: z.string().optional(), email: z.string().optional() }).optional(),
  /** Among the customer's words. */
  own: z.array(z.string()).default([]),
  /** Not among them. */
  earlier: z.array(z.string()).default([]),
  /** In the text that classifiers get, with or without being the customer's. */
  context: z.array(z.string()).default([]),
  /** Neither among the customer's words nor among older messages. */
  gone: z.array(z.string()).default([]),
  automatic: z.boolean().default(false),
  /** The language that the customer writes in; not stated where it is English alone or nobody could tell. */
  language: z.string().optional(),
  /** The priority of a decision where the engine gives no urgency. */
  priorityAtMost: z.enum(priorities).default('normal'),
});
export type MailFact = z.infer<typeof mailFactSchema>;

const folder = new URL('../ticket/fixtures/mails/', import.meta.url);

/** What is right about mails as people write them, by kind. */
export const mailFacts = readdirSync(folder).map((name) => ({
  kind: name.replace('.yaml', ''),
  facts: z.array(mailFactSchema).parse(parse(readFileSync(new URL(name, folder), 'utf8'))),
}));

/** The ticket of a fact, as intake gets it. */
export function ticketOf({ subject, body, channel, requester }: MailFact) {
  return { id: 't-1', subject, body, channel, requester };
}
