import { expect, test } from 'vitest';
import { createRtClient } from './client.ts';
import { createThreadReader } from './read-thread.ts';

const ticket = {
  id: '7',
  Subject: 'Parcel',
  Status: 'new',
  Priority: '0',
  Created: '2026-11-27T10:00:00Z',
  LastUpdated: '2026-11-27T10:00:00Z',
  Queue: { id: '1', Name: 'General' },
  Owner: { id: 'Nobody' },
  Requestor: [],
  CustomFields: [],
};
const transaction = {
  id: '3',
  Type: 'Create',
  Field: '',
  OldValue: '',
  NewValue: '',
  Created: '2026-11-27T10:00:00Z',
  Creator: { id: 'mia' },
  ObjectId: '7',
};
const attachment = { id: '5', ContentType: 'text/plain', TransactionId: '3', Filename: '', Content: '' };
/** As for an account that may not see everything. */
const list = { total: null, pages: null };

test.each([
  ['transactions', 'history', { ...list, items: [transaction] }],
  ['attachments', 'attachments', { ...list, items: Array.from({ length: 100 }, () => attachment) }],
])('a server that returns the same page of %s for ever is not read for ever', async (_, path, page) => {
  let asked = 0;
  const answer = (url: string) => {
    if (url.includes(`/ticket/7/${path}?`)) {
      asked += 1;
      // So that a reader without an end does not hold up the test.
      return asked > 20 ? { ...list, items: [] } : page;
    }
    return /ticket\/7\/(?:history|attachments)/.test(url) ? { ...list, items: [] } : ticket;
  };
  const client = createRtClient({
    connector: 'rt',
    url: 'http://127.0.0.1:9',
    token: '1-2-x',
    fetch: async (url) => Response.json(answer(String(url)), { headers: { etag: '"9"' } }),
  });
  const reading = createThreadReader(client).read('7', new AbortController().signal);
  await expect(reading).rejects.toThrow(/the same page of the history/);
  expect(asked).toBeLessThan(6);
});
