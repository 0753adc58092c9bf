import { expect, test } from 'vitest';
import { checkAccount } from './check-account.ts';
import { createRtClient } from './client.ts';

const { signal } = new AbortController();

test('queues without a ticket are noted once for all of them, and as no fault', async () => {
  const replies: Readonly<Record<string, unknown>> = {
    rt: { Version: '5.0.7' },
    'user/bot': { Name: 'bot', EmailAddress: '', RealName: '', Privileged: 1 },
    tickets: { items: [] },
  };
  const client = createRtClient({
    connector: 'desk',
    url: 'http://rt.example',
    token: '1-1-abc',
    fetch: async (url) => Response.json(replies[new URL(String(url)).pathname.replace('/REST/2.0/', '')]),
  });
  const queues = [
    { id: '1', name: 'Inbox' },
    { id: '2', name: 'Billing' },
  ];
  const findings = await checkAccount({ client, self: 'bot', queues, named: [], intake: [], fields: [], signal });
  expect(findings.filter(({ status }) => status !== 'ok')).toEqual([
    { status: 'note', detail: expect.stringMatching(/^queues Inbox, Billing: no ticket to look at yet/) },
  ]);
});
