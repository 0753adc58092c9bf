import { z } from 'zod';
import { durationSchema } from '../../base/duration.ts';
import { defineConnector, type EntryFault, secretVariable } from '../definition.ts';

/** Zendesk signs with this before a webhook has a secret of its own. It is public, so it proves nothing. */
export const PUBLIC_TEST_SECRET = 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==';

const isLoopback = ({ hostname }: URL) =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);

const addressSchema = z
  .url({ protocol: /^https?$/ })
  .refine((text) => {
    const url = URL.parse(text);
    if (url === null || url.username !== '' || url.search !== '' || url.hash !== '') return false;
    return url.pathname === '/' && (url.protocol === 'https:' || isLoopback(url));
  }, 'an address such as https://acme.zendesk.com, without a path; http only on this machine')
  .transform((text) => new URL(text).origin);

/** A field of the customer, the organisation or the ticket: `organization_fields.plan`, `ticket_fields.3601`. */
const valuePath = z
  .string()
  .regex(
    /^(?:(?:user|organization)_fields\.[\w-]{1,100}|ticket_fields\.\d{1,20})$/,
    'a field such as organization_fields.plan, user_fields.region or ticket_fields.3601',
  );

const settings = z.strictObject({
  url: addressSchema.describe('Address of the account, for example https://acme.zendesk.com.'),
  email: z.email().describe('Address of the account that reads and writes; nobody else should use it.'),
  tier: valuePath
    .optional()
    .describe("The field with the customer's tier, for example organization_fields.plan or user_fields.level."),
  tierTags: z
    .array(z.string().min(1).max(100))
    .max(50)
    .default([])
    .describe('Tags of the customer or the organisation that are tiers, the highest first, for example [enterprise].'),
  attributes: z
    .record(z.string().min(1).max(100), valuePath)
    .refine((record) => Object.keys(record).length <= 50, 'at most 50 attributes')
    .default({})
    .describe('Further facts about the customer, by name: { region: user_fields.region }.'),
  language: z
    .enum(['requester', 'text'])
    .default('requester')
    .describe("requester: the customer's language in Zendesk; text: read from the words, where Zendesk has a default."),
  agents: z
    .record(z.string().min(1), z.union([z.number().int().positive(), z.string().regex(/^\d{1,20}$/), z.email()]))
    .default({})
    .describe('Members of teams as Zendesk knows them, by id or address: { ana: 3601, li: li@acme.example }.'),
  programs: z
    .array(z.union([z.number().int().positive(), z.string().regex(/^\d{1,20}$/), z.email()]))
    .max(200)
    .default([])
    .describe('Accounts of other programs, by id or address: what they change is not the work of a person.'),
  signatureTolerance: durationSchema
    .refine((ms) => ms > 0, 'more than 0s')
    .prefault('5m')
    .describe('How far the time of a signature may be from now.'),
  callsPerMinute: z
    .number()
    .int()
    .min(10)
    .max(10_000)
    .default(200)
    .describe("Calls a minute of this connector; the account's plan allows 200 to 2,500 for all of its programs."),
  updatesPerMinute: z
    .number()
    .int()
    .min(10)
    .max(300)
    .default(100)
    .describe('Updates of tickets a minute; Zendesk allows 100, and 300 with the High Volume add-on.'),
});
export type ZendeskSettings = z.infer<typeof settings>;

const zendeskSecrets = [
  {
    name: 'TOKEN',
    required: true,
    description: 'an API token of Zendesk (Admin Center, Apps and integrations, Zendesk API)',
  },
  {
    name: 'WEBHOOK_SECRET',
    required: false,
    description: "the webhook's signing secret (Admin Center, Webhooks, Reveal secret)",
  },
] as const;
export type ZendeskSecrets = { readonly TOKEN: string; readonly WEBHOOK_SECRET: string | null };

/** Zendesk Support. */
export const zendeskConnector = defineConnector({
  type: 'zendesk',
  description: 'Reads tickets of Zendesk Support, and writes group, assignee, priority, tags, fields and a note.',
  settings,
  secrets: zendeskSecrets,
  about: {
    title: 'Zendesk',
    rights: [
      'An account of its own with the role of an administrator, because only administrators may export tickets.',
      'With `poll: off`, an agent who may edit the tickets of the intake and add private comments is enough.',
      'A webhook that is created by `init` needs an administrator as well.',
    ],
    limits: [
      'Polls see a change after a minute; webhooks bring it at once.',
      '10 exports, 100 updates a minute for the account, and 30 updates of a ticket in 10 minutes.',
      'Closed, merged, deleted tickets and those of suspended customers are never written.',
      'A note cannot be deleted: taking a decision back adds another note.',
    ],
  },
  findFaults({ name, shared, secrets }) {
    const isPublic = secrets.WEBHOOK_SECRET === PUBLIC_TEST_SECRET;
    return [
      ...(isPublic ? [publicSecret(name)] : []),
      ...(secrets.WEBHOOK_SECRET === null && shared.poll === null ? [nothingArrives(name)] : []),
    ];
  },
  findDoubts({ shared: { queues } }) {
    return queues.length === 0 ? [] : [noQueues];
  },
  async create(context) {
    const { createZendeskConnector } = await import('./create-zendesk-connector.ts');
    return createZendeskConnector(context);
  },
});

const publicSecret = (connector: string): EntryFault => ({
  path: [],
  message: `${secretVariable({ connector, secret: 'WEBHOOK_SECRET' })} is the secret that Zendesk publishes for tests, so anybody can sign with it`,
  cure: "Use the webhook's own secret: Admin Center, Webhooks, Reveal secret.",
});

const nothingArrives = (connector: string): EntryFault => ({
  path: ['poll'],
  message: `poll is off, and ${secretVariable({ connector, secret: 'WEBHOOK_SECRET' })} is not set, so no ticket arrives`,
  cure: 'Remove `poll: off`, or set the secret in the environment.',
});

const noQueues: EntryFault = {
  path: ['queues'],
  message: 'Zendesk has groups and no queues, so this says nothing',
  cure: 'Name them as `groups`.',
};
