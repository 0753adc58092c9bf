import { z } from 'zod';

const idSchema = z.object({ id: z.coerce.string() });
const ticketSchema = z.object({
  Status: z.string(),
  Priority: z.coerce.string(),
  Queue: z.object({ id: z.coerce.string(), Name: z.string() }),
  Owner: z.object({ id: z.string() }),
  CustomFields: z.array(z.object({ name: z.string(), values: z.array(z.unknown()) })),
});
const historySchema = z.object({
  items: z.array(
    z.object({ id: z.coerce.number(), Type: z.string(), Field: z.string(), Creator: z.object({ id: z.string() }) }),
  ),
});
const attachmentsSchema = z.object({
  items: z.array(z.object({ id: z.coerce.number(), TransactionId: z.coerce.number(), Content: z.string() })),
});
const rowsSchema = z.object({
  items: z.array(z.object({ id: z.coerce.string(), Queue: z.object({ Name: z.string() }) })),
});
const transactionsSchema = z.object({
  items: z.array(
    z.object({
      id: z.coerce.number(),
      ObjectId: z.coerce.string(),
      Type: z.string(),
      Field: z.string(),
      Creator: z.object({ id: z.string() }),
    }),
  ),
});
export type RtEntry = { readonly id: number; readonly by: string; readonly what: string; readonly text: string };

const { TEST_RT_URL, TEST_RT_TOKEN, TEST_RT_BOT_TOKEN } = process.env;

/** A Request Tracker for tests, with tokens of an administrator and of an account with few rights; null without one. */
export const testRt =
  TEST_RT_URL === undefined || TEST_RT_TOKEN === undefined || TEST_RT_BOT_TOKEN === undefined
    ? null
    : { url: TEST_RT_URL, adminToken: TEST_RT_TOKEN, botToken: TEST_RT_BOT_TOKEN };

/** What people do in RT, as its administrator, whose name is `admin`. */
export function actAsAdmin({ url, adminToken }: NonNullable<typeof testRt>) {
  const call = async <Body>(method: string, path: string, schema: z.ZodType<Body>, body?: unknown): Promise<Body> => {
    const response = await fetch(`${url}/REST/2.0/${path}`, {
      method,
      headers: { authorization: `token ${adminToken}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`RT answered ${response.status} to ${method} ${path}: ${text}`);
    return schema.parse(text === '' ? null : JSON.parse(text));
  };
  /** Every row of a search; the administrator sees all, so a short page is the last. */
  const listAll = async <Row>(path: string, schema: z.ZodType<{ items: Row[] }>): Promise<Row[]> => {
    const rows: Row[] = [];
    for (let page = 1; ; page += 1) {
      const { items } = await call('GET', `${path}&orderby=id&per_page=100&page=${page}`, schema);
      rows.push(...items);
      if (items.length < 100) return rows;
    }
  };
  return {
    createTicket: async (fields: object = {}): Promise<string> => {
      const ticket = {
        Queue: 'Inbox',
        Subject: 'Invoice',
        Requestor: 'ana@acme.example',
        Content: 'I was charged twice',
        ContentType: 'text/plain',
        ...fields,
      };
      return (await call('POST', 'ticket', idSchema, ticket)).id;
    },
    createQueue: async (name: string): Promise<string> =>
      (await call('POST', 'queue', idSchema, { Name: name, CorrespondAddress: '', CommentAddress: '' })).id,
    change: (id: string, change: object) => call('PUT', `ticket/${id}`, z.array(z.string()), change),
    remove: (id: string) => call('DELETE', `ticket/${id}`, z.null()),
    correspond: (id: string, text: string) =>
      call('POST', `ticket/${id}/correspond`, z.unknown(), { Content: text, ContentType: 'text/plain' }),
    comment: (id: string, text: string) =>
      call('POST', `ticket/${id}/comment`, z.unknown(), { Content: text, ContentType: 'text/plain' }),
    /** What agents see of a ticket. */
    look: async (id: string) => {
      const ticket = await call('GET', `ticket/${id}?fields[Queue]=Name`, ticketSchema);
      const field = (name: string) => ticket.CustomFields.find((one) => one.name === name)?.values[0] ?? null;
      return {
        queue: ticket.Queue.Name,
        owner: ticket.Owner.id,
        status: ticket.Status,
        priority: ticket.Priority,
        category: field('Category'),
        confidence: field('RoutingConfidence'),
      };
    },
    /** The transactions of a ticket as `bot Set Queue`, oldest first. */
    listHistory: async (id: string): Promise<string[]> => {
      const path = `ticket/${id}/history?fields=Type,Field,Creator&per_page=100`;
      const { items } = await call('GET', path, historySchema);
      return items.map(({ Creator, Type, Field }) => `${Creator.id} ${Type} ${Field}`.trim());
    },
    /** Where each ticket from an id on is, and what happened to it, oldest first. */
    survey: async (from: number): Promise<Map<string, { queue: string; entries: RtEntry[] }>> => {
      const condition = (text: string) => `query=${encodeURIComponent(text)}`;
      const [rows, transactions] = await Promise.all([
        listAll(`tickets?${condition(`id >= ${from}`)}&fields=Queue&fields[Queue]=Name`, rowsSchema),
        listAll(
          `transactions?${condition(`ObjectType = 'RT::Ticket' AND ObjectId >= ${from}`)}&fields=Type,Field,Creator,ObjectId`,
          transactionsSchema,
        ),
      ]);
      const after = JSON.stringify([{ field: 'TransactionId', operator: '>=', value: transactions[0]?.id ?? 0 }]);
      const attachments = await listAll(
        `attachments?query=${encodeURIComponent(after)}&fields=TransactionId,Content`,
        attachmentsSchema,
      );
      const texts = new Map(attachments.map(({ TransactionId, Content }) => [TransactionId, Content]));
      const entries = Map.groupBy(transactions, ({ ObjectId }) => ObjectId);
      return new Map(
        rows.map(({ id, Queue }) => [
          id,
          {
            queue: Queue.Name,
            entries: (entries.get(id) ?? []).map((entry) => ({
              id: entry.id,
              by: entry.Creator.id,
              what: `${entry.Type} ${entry.Field}`.trim(),
              text: texts.get(entry.id) ?? '',
            })),
          },
        ]),
      );
    },
    /** The texts of the comments that a user wrote, oldest first. */
    listComments: async (id: string, user: string): Promise<string[]> => {
      const history = await call('GET', `ticket/${id}/history?fields=Type,Field,Creator&per_page=100`, historySchema);
      const isTheirs = ({ Type, Creator }: (typeof history.items)[number]) => Type === 'Comment' && Creator.id === user;
      const theirs = new Set(history.items.filter(isTheirs).map((item) => item.id));
      const path = `ticket/${id}/attachments?fields=TransactionId,Content&per_page=100`;
      const { items } = await call('GET', path, attachmentsSchema);
      return items.filter(({ TransactionId }) => theirs.has(TransactionId)).map(({ Content }) => Content);
    },
    /** The texts of a ticket's comments and messages, oldest first. */
    listTexts: async (id: string): Promise<string[]> => {
      const { items } = await call(
        'GET',
        `ticket/${id}/attachments?fields=TransactionId,Content&per_page=100`,
        attachmentsSchema,
      );
      return items.map(({ Content }) => Content);
    },
  };
}
