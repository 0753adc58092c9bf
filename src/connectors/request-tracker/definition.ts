import { z } from 'zod';
import { oneOrMany } from '../../base/one-or-many.ts';
import { defineConnector } from '../definition.ts';

/** The last number is the user's id. */
export const tokenPattern = /^\d+-(\d+)-[0-9a-f]+$/i;

const priority = (number: number) => z.number().int().min(0).max(1_000_000).default(number);

const settingsSchema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .describe('Address of RT, as in a browser: https://rt.example.com, or https://example.com/rt.'),
  closed: oneOrMany(z.string().min(1).max(100))
    .prefault(['resolved', 'rejected'])
    .describe('Statuses in which nothing is written to a ticket.'),
  // RT's own labels are Low (0), Medium (50) and High (100).
  priorities: z
    .strictObject({ low: priority(0), normal: priority(50), high: priority(100), urgent: priority(100) })
    .prefault({})
    .describe("RT's number for each priority."),
  tagsField: z
    .union([z.string().min(1).max(200), z.number().int().transform(String)])
    .optional()
    .describe('Custom field with several values (name or id) that gets the tags; RT has no tags of its own.'),
});
export type RtSettings = z.infer<typeof settingsSchema>;

/** Request Tracker 5 by its REST2. */
export const requestTrackerConnector = defineConnector({
  type: 'request-tracker',
  description: 'Reads tickets of Request Tracker 5, and writes queue, owner, priority, custom fields and a comment.',
  settings: settingsSchema,
  unusedFields: ['brands'],
  secrets: [
    {
      name: 'TOKEN',
      required: true,
      description: 'an authentication token of the account, from Logged in as > Settings > Auth Tokens in RT',
    },
    {
      name: 'WEBHOOK_SECRET',
      required: false,
      description: 'the secret with which the scrip in RT signs, any long random text',
    },
  ],
  about: {
    title: 'Request Tracker 5',
    groupsAre: 'queues',
    rights: [
      'An account of its own, privileged, with an authentication token.',
      'In the queues of its intake: SeeQueue, ShowTicket, ShowTicketComments, CommentOnTicket, ModifyTicket, SeeCustomField and ModifyCustomField.',
      'The same in the queues of the teams, and CreateTicket there, without which RT lets no ticket in.',
      'To assign people, OwnTicket for them in the queues of the teams; to take an assignee back, ReassignTicket for the account.',
    ],
    limits: [
      'RT has no limit of calls; each takes about 50 ms of one of its few workers.',
      'RT sends nothing by itself: a scrip does (src/connectors/request-tracker/README.md has one to paste), once and without repeating it, so polling catches what is lost.',
      'RT has no tags: they are written to the custom field `tagsField`, or not at all.',
      "RT's search does not list deleted tickets: a deletion is found when the ticket is read, or by the scrip.",
      'Only REST2 with ETag is supported: RT 5.0 and later.',
    ],
  },
  findFaults({ secrets }) {
    if (tokenPattern.test(secrets.TOKEN)) return [];
    return [
      {
        path: [],
        message: 'the secret TOKEN is not an authentication token of RT',
        cure: 'It looks like 1-14-3b0c…: create one in RT under Logged in as > Settings > Auth Tokens.',
      },
    ];
  },
  async create(context) {
    const { createRequestTrackerConnector } = await import('./create-request-tracker-connector.ts');
    return createRequestTrackerConnector(context);
  },
});
