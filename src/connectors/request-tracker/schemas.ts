import { z } from 'zod';

// Replies of RT's REST2 (5.0), with the fields that are used here. RT sends numbers as numbers or as strings.

const id = z.coerce.string();
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/** A user, queue or ticket that another record names. The id of a user is its name. */
const referenceSchema = z.object({ id, Name: z.string().optional() });

const customFieldValuesSchema = z.object({ id, name: z.string(), values: z.array(z.unknown()) });
export type RtCustomField = z.infer<typeof customFieldValuesSchema>;

const linksSchema = z.array(z.object({ ref: z.string() })).default([]);

export const ticketSchema = z.object({
  id,
  Subject: text,
  Status: z.string(),
  Queue: referenceSchema,
  Owner: referenceSchema,
  Priority: id,
  Created: z.iso.datetime(),
  LastUpdated: z.iso.datetime(),
  /** Users and groups. */
  Requestor: z.array(z.object({ type: z.string(), id })).default([]),
  CustomFields: z.array(customFieldValuesSchema).default([]),
  _hyperlinks: linksSchema,
});
export type RtTicket = z.infer<typeof ticketSchema>;

const listOf = <Item extends z.ZodType>(item: Item) =>
  // Without the right to see everything, RT does not say how many there are.
  z.object({ items: z.array(item), total: z.number().nullable(), pages: z.number().nullable() });

const transactionSchema = z.object({
  id: z.coerce.number(),
  Type: z.string(),
  Field: text,
  OldValue: text,
  NewValue: text,
  Creator: z.object({ id }),
  Created: z.iso.datetime(),
  /** Another ticket's, when that one was merged into this one. */
  ObjectId: id,
});
export type RtTransaction = z.infer<typeof transactionSchema>;
export const transactionsSchema = listOf(transactionSchema);

const attachmentSchema = z.object({
  id: z.coerce.number(),
  TransactionId: z.coerce.number(),
  ContentType: text,
  Filename: text,
  Content: text,
});
export type RtAttachment = z.infer<typeof attachmentSchema>;
export const attachmentsSchema = listOf(attachmentSchema);

export const changedTicketsSchema = listOf(
  z.object({
    id,
    Status: z.string(),
    Queue: referenceSchema,
    Created: z.iso.datetime(),
    LastUpdated: z.iso.datetime(),
  }),
);

const requestorSchema = z.object({
  type: z.string(),
  id,
  EmailAddress: text,
  RealName: text,
  Lang: text,
  Organization: text,
});
export type RtRequestor = z.infer<typeof requestorSchema>;
export const requestorsSchema = listOf(z.object({ Requestor: z.array(requestorSchema) }));

export const userSchema = z.object({
  Name: z.string(),
  EmailAddress: text,
  RealName: text,
  Privileged: z.coerce.number().transform((value) => value === 1),
});
export type RtUser = z.infer<typeof userSchema>;

export const queuesSchema = listOf(z.object({ id, Name: z.string(), Disabled: z.coerce.number() }));

/** One queue, with what the account may do there. */
export const queueSchema = z.object({
  id,
  Name: z.string(),
  TicketCustomFields: z.array(z.object({ id, name: z.string() })).default([]),
  _hyperlinks: linksSchema,
});

export const customFieldsSchema = listOf(z.object({ id, Name: z.string(), Type: z.string(), LookupType: z.string() }));
export const customFieldSchema = z.object({ id, Values: z.array(z.object({ name: z.string() })).default([]) });

export const aboutSchema = z.object({ Version: z.string() });
/** What a change did, in words of the language of RT's user. */
export const messagesSchema = z.array(z.string().nullable());
