import { z } from 'zod';
import { durationSchema } from '../../base/duration.ts';
import { defineConnector, type EntryFault, secretVariable } from '../definition.ts';
import { templateFields, unknownFields } from './fill-template.ts';

/** A name, or a place in a list: `ticket.comments[0].text`. */
const pathSchema = z
  .string()
  .max(200)
  .regex(
    /^[^.[\]\s]+(?:\[\d+\])*(?:\.[^.[\]\s]+(?:\[\d+\])*)*$/,
    'a path such as ticket.customer.email or comments[0].text',
  );
const path = (what: string) => pathSchema.optional().describe(`Where in the body ${what} is.`);

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,100}$/, 'the name of a header')
  .transform((name) => name.toLowerCase());

const signatureSchema = z.union([
  z.literal('unsigned').describe('Anybody who knows the address can send tickets.'),
  z.strictObject({
    header: headerName.describe('Header with the signature.'),
    algorithm: z.enum(['sha1', 'sha256', 'sha512']).default('sha256').describe('Algorithm of the HMAC.'),
    encoding: z.enum(['hex', 'base64']).default('hex').describe('How the signature is written.'),
    prefix: z.string().max(50).default('').describe('What stands before it in the header, for example sha256=.'),
    timestamp: z
      .strictObject({
        header: headerName.describe('Header with the time of signing.'),
        format: z.enum(['iso', 'seconds', 'milliseconds']).default('seconds').describe('How the time is written.'),
        separator: z.string().max(10).default('').describe('Between time and body in what is signed.'),
        tolerance: durationSchema.prefault('5m').describe('How far the time may be from now.'),
      })
      .optional()
      .describe('Without it, a webhook that somebody has recorded can be sent again.'),
  }),
]);

/** A value of the body to send; texts in it may have fields in braces. */
export type Template = string | number | boolean | null | readonly Template[] | { readonly [key: string]: Template };
const templateSchema: z.ZodType<Template> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(templateSchema),
    z.record(z.string(), templateSchema),
  ]),
);

const receiveSchema = z.strictObject({
  id: pathSchema.describe('Where in the body the id of the ticket is.'),
  subject: path('the subject'),
  body: path('the text'),
  createdAt: path('the time when the ticket was created, in ISO 8601,'),
  language: path('the language'),
  channel: path('the channel'),
  url: path('the address of the ticket'),
  group: path('the group or queue that the ticket is in'),
  tags: path('the list of tags'),
  requester: z
    .strictObject({
      name: path('the name of the customer'),
      email: path('the address of the customer'),
      tier: path('the tier of the customer'),
      organisation: path('the organisation of the customer'),
      attributes: z.record(z.string(), pathSchema).optional().describe('Further values of the customer, by name.'),
    })
    .optional()
    .describe('Where in the body the customer is.'),
  signature: signatureSchema.describe('How the sender signs, with the secret WEBHOOK_SECRET; or unsigned.'),
  deliveryId: headerName
    .optional()
    .describe(
      'Header with an id that is the same when the same webhook is sent again: with another id, the same body is another webhook.',
    ),
});

/** Credentials are sent to one server, so a field may not choose it. */
const addressSchema = z
  .url({ protocol: /^https?$/ })
  .regex(
    /^https?:\/\/[^/?#{}]+(?:[/?#]|$)/i,
    'an address whose host has no field, such as https://desk.example/tickets/{externalId}',
  );

const deliverSchema = z.strictObject({
  method: z.enum(['POST', 'PUT', 'PATCH']).default('POST').describe('Method of the request.'),
  url: addressSchema.describe('Address, which may have fields: https://desk.example/tickets/{externalId}.'),
  headers: z
    .record(z.string(), z.string())
    .default({})
    .describe('Further headers; {TOKEN} stands for the secret. Without one, it is sent as `Authorization: Bearer`.'),
  body: templateSchema.describe('JSON to send, with fields: { "group": "{owner}", "note": "{because}" }.'),
  readBack: z
    .strictObject({
      url: addressSchema.describe('Address to read the ticket from afterwards.'),
      path: pathSchema.describe('Where in the reply the team is.'),
      equals: z.string().default('{owner}').describe('What must be there, for example {owner} or {team}.'),
    })
    .optional()
    .describe('Reads the ticket afterwards, because some systems return 200 for what they did not do.'),
});

/** Any system that can send JSON and take JSON. */
export const webhookConnector = defineConnector({
  type: 'webhook',
  description: 'Receives tickets as JSON from any system, and sends decisions to it as JSON.',
  settings: z.strictObject({
    receive: receiveSchema.optional().describe('How tickets arrive at /webhooks/NAME; none do when left out.'),
    deliver: deliverSchema.optional().describe('Where decisions are sent in the mode auto; nowhere when left out.'),
    assist: deliverSchema.optional().describe('Where they are sent in the mode assist, to be written as a note.'),
  }),
  secrets: [
    { name: 'TOKEN', required: false, description: 'the key of the system that decisions are sent to' },
    { name: 'WEBHOOK_SECRET', required: false, description: 'the secret with which the system signs its webhooks' },
  ],
  about: {
    title: 'Any system with webhooks',
    rights: ['The system sends its webhooks to /webhooks/NAME, signed with the secret.'],
    limits: ['It is not asked for tickets, so what a webhook does not say is not known, and a lost webhook is lost.'],
  },
  unusedFields: ['poll', 'brands', 'statuses', 'customFields'],
  setUp: ['receive.id', 'receive.subject', 'receive.body', 'receive.requester.email', 'receive.signature.header'],
  findFaults({ name, settings: { receive, deliver, assist }, secrets }) {
    const isUnchecked = receive !== undefined && receive.signature !== 'unsigned' && secrets.WEBHOOK_SECRET === null;
    return [
      ...Object.entries({ deliver, assist }).flatMap(([part, sends]) =>
        sends === undefined
          ? []
          : [...findTemplateFaults(part, sends), ...(secrets.TOKEN === null ? findEmptyKeys(name, part, sends) : [])],
      ),
      ...(isUnchecked ? [missingSecret(name)] : []),
    ];
  },
  findDoubts({ settings: { receive, deliver, assist }, shared }) {
    const intake = (['groups', 'queues'] as const).find((field) => shared[field].length > 0);
    const usesNote = [deliver, assist].some((sends) => JSON.stringify(sends?.body ?? '').includes('{note}'));
    return [
      ...(receive === undefined ? [] : findSignatureDoubts(receive)),
      ...(intake !== undefined && receive?.group === undefined ? [unknownGroup(intake)] : []),
      ...(shared.note !== undefined && !usesNote ? [unusedNote] : []),
    ];
  },
  async create(context) {
    const { createWebhookConnector } = await import('./create-webhook-connector.ts');
    return createWebhookConnector(context);
  },
});

function findTemplateFaults(part: string, { url, body, readBack }: DeliverSettings): EntryFault[] {
  const templates: readonly (readonly [readonly string[], Template])[] = [
    [[part, 'url'], url],
    [[part, 'body'], body],
    ...(readBack === undefined
      ? []
      : ([
          [[part, 'readBack', 'url'], readBack.url],
          [[part, 'readBack', 'equals'], readBack.equals],
        ] as const)),
  ];
  return templates.flatMap(([path, template]) =>
    unknownFields(template).map((field) => ({
      path,
      message: `there is no field {${field}}`,
      cure: `Use one of: ${templateFields.join(', ')}.`,
    })),
  );
}

function findSignatureDoubts({ signature }: ReceiveSettings): EntryFault[] {
  if (signature === 'unsigned') return [unsigned];
  return signature.timestamp === undefined ? [replayable] : [];
}

/** An empty key would be sent, which the system refuses, or worse takes for somebody without one. */
function findEmptyKeys(connector: string, part: string, { headers }: DeliverSettings): EntryFault[] {
  return Object.entries(headers)
    .filter(([, value]) => value.includes('{TOKEN}'))
    .map(([header]) => ({
      path: [part, 'headers', header],
      message: `it has {TOKEN}, and ${secretVariable({ connector, secret: 'TOKEN' })} is not set`,
      cure: 'Set it in the environment, or remove the header.',
    }));
}

const unknownGroup = (field: string): EntryFault => ({
  path: [field],
  message: 'which group a ticket is in is not known, so none of them is in these',
  cure: 'Say in `receive.group` where in the body the group is.',
});

const unusedNote: EntryFault = {
  path: ['note'],
  message: 'neither `deliver` nor `assist` sends the note',
  cure: 'Put {note} into the body of one of them.',
};

const missingSecret = (connector: string): EntryFault => ({
  path: ['receive', 'signature'],
  message: `webhooks are signed, and ${secretVariable({ connector, secret: 'WEBHOOK_SECRET' })} is not set`,
  cure: 'Set it in the environment, or write `signature: unsigned`, with which anybody who knows the address can send tickets.',
});

const unsigned: EntryFault = {
  path: ['receive', 'signature'],
  message: 'webhooks are not signed, so anybody who knows the address can send tickets',
  cure: 'Let the sender sign, or let only its machine reach the address.',
};

const replayable: EntryFault = {
  path: ['receive', 'signature'],
  message:
    'only the body is signed, so a webhook that somebody has recorded can be sent again when it has been deleted here',
  cure: 'Add `timestamp` where the sender signs the time. An id in a header does not help, because it is not signed.',
};

export type ReceiveSettings = z.infer<typeof receiveSchema>;
export type DeliverSettings = z.infer<typeof deliverSchema>;
