import { expect, test } from 'vitest';
import { connectorsSchema } from '../connectors/connector-settings.ts';
import { describeHelpdesks } from './describe-helpdesks.ts';

const describeAll = (connectors: object, secrets: object = {}) =>
  describeHelpdesks({
    settings: { connectors: connectorsSchema.parse(connectors) },
    secrets: { connectors: secrets },
  } as never);

test('says of each helpdesk its mode, its intake, and how it learns of changes', () => {
  const rt = { type: 'request-tracker', url: 'http://127.0.0.1:1', queues: ['Inbox'], modes: { 'billing/*': 'auto' } };
  expect(describeAll({ rt, api: { type: 'file' } }, { rt: { TOKEN: 't', WEBHOOK_SECRET: 's' } })).toEqual([
    'rt: Request Tracker 5, mode shadow, auto for billing/*, tickets in Inbox; webhooks at /webhooks/rt, asked for changes every 1 min at the latest',
  ]);
  expect(describeAll({ rt: { ...rt, poll: 'off' } }, { rt: { TOKEN: 't' } })).toEqual([]);
});
