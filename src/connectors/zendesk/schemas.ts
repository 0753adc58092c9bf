import { z } from 'zod';

// What is read of Zendesk's replies. Fields that we do not use are left out, so that they may change.

const id = z.number().int();
const optionalId = id.nullish();
const viaSchema = z
  .object({
    channel: z.union([z.string(), z.number()]).nullish(),
    source: z
      .object({
        rel: z.string().nullish(),
        from: z.object({ id: z.union([z.number(), z.string()]).nullish(), title: z.string().nullish() }).nullish(),
      })
      .nullish(),
  })
  .nullish();
export type Via = z.infer<typeof viaSchema>;

const fieldValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]);

const ticketSchema = z.object({
  id,
  subject: z.string().nullish(),
  raw_subject: z.string().nullish(),
  description: z.string().nullish(),
  status: z.string(),
  custom_status_id: optionalId,
  priority: z.string().nullish(),
  tags: z.array(z.string()).default([]),
  requester_id: optionalId,
  submitter_id: optionalId,
  organization_id: optionalId,
  group_id: optionalId,
  assignee_id: optionalId,
  brand_id: optionalId,
  custom_fields: z
    .array(z.object({ id, value: fieldValue.nullish() }))
    .nullish()
    .transform((fields) => fields ?? []),
  created_at: z.iso.datetime({ offset: true }),
  updated_at: z.iso.datetime({ offset: true }),
  via: viaSchema,
});
export type ZendeskTicket = z.infer<typeof ticketSchema>;

const freeFields = z.record(z.string(), z.unknown()).nullish();
const userSchema = z.object({
  id: optionalId,
  name: z.string().nullish(),
  email: z.string().nullish(),
  role: z.string().nullish(),
  locale: z.string().nullish(),
  suspended: z.boolean().nullish(),
  tags: z.array(z.string()).nullish(),
  user_fields: freeFields,
});
export type ZendeskUser = z.infer<typeof userSchema>;

const organizationSchema = z.object({
  id,
  name: z.string(),
  tags: z.array(z.string()).nullish(),
  organization_fields: freeFields,
});

const groupSchema = z.object({ id, name: z.string(), deleted: z.boolean().nullish() });
export type ZendeskGroup = z.infer<typeof groupSchema>;

export const ticketReplySchema = z.object({
  ticket: ticketSchema,
  users: z.array(userSchema).default([]),
  groups: z.array(groupSchema).default([]),
  organizations: z.array(organizationSchema).default([]),
});
export type TicketReply = z.infer<typeof ticketReplySchema>;

/** A change, a comment, a notification …: each type has other fields. */
const auditEventSchema = z.object({
  id: z.number(),
  type: z.string(),
  field_name: z.string().nullish(),
  value: z.unknown().optional(),
  previous_value: z.unknown().optional(),
  via: viaSchema,
  author_id: z.number().nullish(),
  body: z.unknown().optional(),
  html_body: z.string().nullish(),
  plain_body: z.string().nullish(),
  public: z.boolean().nullish(),
  attachments: z.array(z.unknown()).nullish(),
  data: z.object({ transcription_text: z.string().nullish() }).nullish().catch(null),
});
export type AuditEvent = z.infer<typeof auditEventSchema>;

const auditSchema = z.object({
  id: z.number(),
  author_id: z.number().nullish(),
  created_at: z.iso.datetime({ offset: true }),
  events: z.array(auditEventSchema),
  metadata: z.object({ custom: z.record(z.string(), z.unknown()).nullish() }).nullish(),
  via: viaSchema,
});
export type Audit = z.infer<typeof auditSchema>;

const metaSchema = z.object({ has_more: z.boolean().nullish(), after_cursor: z.string().nullish() }).nullish();
export type PageMeta = z.infer<typeof metaSchema>;

export const auditsReplySchema = z.object({
  audits: z.array(auditSchema),
  users: z.array(userSchema).default([]),
  meta: metaSchema,
});

export const updateReplySchema = z.object({ ticket: ticketSchema, audit: auditSchema.nullish() });

export const exportReplySchema = z.object({
  tickets: z.array(ticketSchema),
  groups: z.array(groupSchema).default([]),
  after_cursor: z.string().nullish(),
  end_of_stream: z.boolean(),
});

const fieldSchema = z.object({
  id,
  type: z.string(),
  title: z.string(),
  active: z.boolean().default(true),
  removable: z.boolean().nullish(),
  custom_field_options: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
});
export type ZendeskField = z.infer<typeof fieldSchema>;

export const meReplySchema = z.object({ user: userSchema });
export const fieldsReplySchema = z.object({ ticket_fields: z.array(fieldSchema), meta: metaSchema });
export const groupsReplySchema = z.object({ groups: z.array(groupSchema), meta: metaSchema });
export const brandsReplySchema = z.object({
  brands: z.array(z.object({ id, name: z.string(), active: z.boolean().nullish() })),
  meta: metaSchema,
});
export const statusesReplySchema = z.object({
  custom_statuses: z.array(z.object({ id, agent_label: z.string(), status_category: z.string() })),
});
const keyedFields = z.array(z.object({ key: z.string(), active: z.boolean().nullish() }));
export const userFieldsReplySchema = z.object({ user_fields: keyedFields, meta: metaSchema });
export const organizationFieldsReplySchema = z.object({ organization_fields: keyedFields, meta: metaSchema });
export const tagsReplySchema = z.object({ tags: z.array(z.object({ name: z.string() })), meta: metaSchema });

const webhookSchema = z.object({ id: z.string(), endpoint: z.string(), status: z.string() });
export const webhooksReplySchema = z.object({ webhooks: z.array(webhookSchema), meta: metaSchema });
export const webhookReplySchema = z.object({ webhook: webhookSchema });
export const signingSecretReplySchema = z.object({ signing_secret: z.object({ secret: z.string().min(1) }) });

/** What is read of a webhook: the rest is fetched, because bodies are old, partial, and out of order. */
export const eventBodySchema = z.object({
  type: z.string().startsWith('zen:event-type:'),
  subject: z.string().optional(),
  detail: z.object({ id: z.union([z.string(), z.number()]).optional() }).optional(),
});
const anyId = z.union([z.string().regex(/^\d{1,20}$/), z.number().int().positive()]).transform(String);
export const triggerBodySchema = z.union([
  z.object({ ticket_id: anyId }).transform(({ ticket_id }) => ticket_id),
  z.object({ id: anyId }).transform((body) => body.id),
  z.object({ ticket: z.object({ id: anyId }) }).transform(({ ticket }) => ticket.id),
]);
