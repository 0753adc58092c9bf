import { z } from 'zod';

/** Longest subject and body, in UTF-16 code units. Longer ones are cut when they arrive, with a note in the history. */
export const MAX_SUBJECT_LENGTH = 2_000;
export const MAX_BODY_LENGTH = 200_000;

/**
 * Limits of other fields, in UTF-16 code units and entries. More is refused: no classifier and no rule needs more, and
 * every part of the program may rely on these limits.
 */
export const MAX_TAGS = 200;
export const MAX_ATTRIBUTES = 100;
export const MAX_ATTRIBUTE_NAME_LENGTH = 100;
export const MAX_ATTRIBUTE_LENGTH = 2_000;
/** The most secondary intents, and the most slices, of a labelled ticket. */
export const MAX_LABELS = 50;
const MAX_INTENT_LENGTH = 500;

export const tooManyEntries = (limit: number) => `has too many entries. The limit is ${limit}`;

export const requesterSchema = z.object({
  name: z.string().max(500).optional(),
  /** Without spaces around it, with which an erasure by address would not find the ticket. */
  email: z.string().trim().max(500).optional(),
  tier: z.string().max(100).optional(),
  /** The customer's company, by name. */
  organisation: z.string().max(200).optional(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

const boundedAttributesSchema = z
  .record(
    z.string().max(MAX_ATTRIBUTE_NAME_LENGTH, `the name is longer than ${MAX_ATTRIBUTE_NAME_LENGTH} characters`),
    z.union([z.string().max(MAX_ATTRIBUTE_LENGTH), z.number(), z.boolean()], 'must be text, a number, true or false'),
  )
  .refine((attributes) => Object.keys(attributes).length <= MAX_ATTRIBUTES, {
    message: tooManyEntries(MAX_ATTRIBUTES),
  })
  .meta({ maxProperties: MAX_ATTRIBUTES });

export const ticketSourceSchema = z.object({
  connector: z.string().min(1).max(100),
  externalId: z.string().min(1).max(200),
  url: z.string().max(2_000).optional(),
  /** The group, queue or mailbox that it is in at its helpdesk. */
  group: z.string().max(200).optional(),
  imported: z.boolean().optional().describe('An older ticket that was imported: nothing is written to its helpdesk.'),
});

/** The fields of a ticket, without the rule that it needs a subject or a body. */
const ticketFields = z.object({
  id: z.string().min(1).max(200),
  subject: z.string().optional(),
  body: z.string().optional(),
  createdAt: z.iso.datetime({ offset: true }).optional(),
  channel: z.string().max(100).optional(),
  /** BCP 47 tag, for example `en` or `pt-BR`. Detected from the text when missing. */
  language: z.string().min(2).max(35).optional(),
  requester: requesterSchema.optional(),
  tags: z.array(z.string().max(200)).max(MAX_TAGS).optional(),
  automatic: z
    .boolean()
    .optional()
    .describe('True when a machine wrote it, false when a person did, whatever it looks like; left out, it is judged.'),
  attachments: z.number().int().nonnegative().optional().describe('Number of files that came with it.'),
  source: ticketSourceSchema.optional(),
});

type Content = { subject?: string | undefined; body?: string | undefined; attachments?: number | undefined };
/** A ticket of files alone goes to the triage team. */
const hasText = ({ subject = '', body = '', attachments = 0 }: Content) =>
  subject.trim() !== '' || body.trim() !== '' || attachments > 0;
const hasTextMessage = { message: 'a ticket needs a subject or a body with some text in it', path: ['body'] };

/**
 * One support request in Switchboard's own shape, from any helpdesk. Without the limits of incoming tickets, because
 * tickets that an older version stored are valid, too.
 */
export const ticketSchema = ticketFields.refine(hasText, hasTextMessage);
export type Ticket = z.infer<typeof ticketFields>;

const boundedTicketFields = ticketFields.extend({
  subject: z.string().max(MAX_SUBJECT_LENGTH).optional(),
  body: z.string().max(MAX_BODY_LENGTH).optional(),
  requester: requesterSchema.extend({ attributes: boundedAttributesSchema.optional() }).optional(),
});

/** A ticket as it arrives. A missing `id` is created later. */
export const incomingTicketSchema = boundedTicketFields.partial({ id: true }).refine(hasText, hasTextMessage);
/** The names of a ticket's top-level fields. */
export const ticketFieldNames: readonly string[] = Object.keys(ticketFields.shape);
export type IncomingTicket = z.infer<typeof incomingTicketSchema>;

export const urgencies = ['low', 'normal', 'high', 'critical'] as const;
export type Urgency = (typeof urgencies)[number];

export const ticketVariants = ['paraphrase', 'translation', 'perturbation'] as const;

/** A ticket with its right intent: an example, or a ticket of a data set. */
export const labelledTicketSchema = boundedTicketFields
  .extend({
    /** The path of a leaf; null (with `outOfScope: true`) when no intent fits. */
    intent: z.string().max(MAX_INTENT_LENGTH).nullable(),
    outOfScope: z.boolean().optional(),
    /** Why this intent; shown to Claude with the example. */
    rationale: z.string().max(2_000).optional(),
    secondaryIntents: z.array(z.string().max(MAX_INTENT_LENGTH)).max(MAX_LABELS).optional(),
    urgency: z.enum(urgencies).optional(),
    /** Named parts of the data set that this ticket belongs to, for example `edge:implicit`. */
    slices: z.array(z.string().max(200)).max(MAX_LABELS).optional(),
    /** The id of the ticket of which this one is a variant. */
    variantOf: z.string().max(200).optional(),
    variant: z.enum(ticketVariants).optional(),
  })
  .refine(hasText, hasTextMessage)
  .refine((ticket) => ticket.intent !== null || ticket.outOfScope === true, {
    message: 'intent is null, so outOfScope must be true',
    path: ['intent'],
  })
  .refine((ticket) => ticket.intent === null || ticket.outOfScope !== true, {
    message: 'a ticket with an intent is not out of scope. Remove one of the two',
    path: ['outOfScope'],
  });
/** The names of a labelled ticket's top-level fields. */
export const labelledTicketFieldNames: readonly string[] = Object.keys(labelledTicketSchema.shape);
export type LabelledTicket = z.infer<typeof labelledTicketSchema>;
