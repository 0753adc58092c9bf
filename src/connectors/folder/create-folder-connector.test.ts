import {
  chmod,
  lutimes,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeConnector } from '../../testing/connector-suite.ts';
import { sampleClassification, sampleDecision } from '../../testing/sample-values.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import type { Signal } from '../connector.ts';
import { createFolderConnector } from './create-folder-connector.ts';
import type { FolderFormat } from './definition.ts';

const signal = new AbortController().signal;
/** Long enough ago that nobody writes the files any more. */
const longAgo = new Date('2020-11-20T08:00:00Z');
const jsonOf = (value: object) => JSON.stringify(value);

async function openFolder(format: FolderFormat = 'jsonl') {
  const temporary = await temporaryFolder();
  const path = join(temporary.path, 'incoming');
  await mkdir(path);
  const connect = (now?: () => Date) =>
    createFolderConnector({
      ...{ name: 'drop', dataDir: join(temporary.path, 'data'), settings: { path, format } },
      ...(now && { now }),
    });
  const connector = connect();
  let cursor: string | null = null;
  /** Reads to the end, as a poll does, and keeps the cursor. */
  const poll = async (): Promise<Signal[]> => {
    const found: Signal[] = [];
    for (;;) {
      const page = await connector.listChanged?.({ cursor, since: new Date(), signal });
      if (page === undefined) throw new TypeError('the connector lists nothing');
      cursor = page.cursor;
      found.push(...page.signals);
      if (page.isEnd) return found;
    }
  };
  return {
    path,
    connector,
    connect,
    poll,
    put: async (name: string, content: string | Buffer, changedAt = longAgo) => {
      await writeFile(join(path, name), content);
      await utimes(join(path, name), changedAt, changedAt);
    },
    bodies: async () => (await poll()).map(({ ticket }) => ticket?.body),
    list: async (folder = '') => (await readdir(join(path, folder)).catch(() => [])).sort(),
    read: (name: string) => readFile(join(path, name), 'utf8'),
    outbox: join(temporary.path, 'data/outbox/drop.jsonl'),
    async [Symbol.asyncDispose]() {
      await connector.close?.();
      await temporary[Symbol.asyncDispose]();
    },
  };
}

const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
const fileOf: Readonly<Record<FolderFormat, (ticket: { id: string; subject: string; body: string }) => string>> = {
  jsonl: (ticket) => `${jsonOf(ticket)}\n`,
  csv: ({ id, subject, body }) => `id,subject,body\r\n${[id, subject, body].map(quote).join(',')}\r\n`,
  eml: ({ id, subject, body }) =>
    `From: Mia <mia@shop.example>\r\nSubject: ${subject}\r\nMessage-ID: <${id}>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${body}\r\n`,
};

for (const format of ['jsonl', 'csv', 'eml'] as const) {
  describeConnector(`the folder connector with ${format}`, async () => {
    const folder = await openFolder(format);
    let tickets = 0;
    return {
      connector: folder.connector,
      connect: async () => folder.connect(),
      unknownId: 'none',
      async createTicket(ticket) {
        tickets += 1;
        const id = `t-${tickets}@shop.example`;
        await folder.put(`${tickets}.${format}`, fileOf[format]({ id, ...ticket }));
        return id;
      },
      async writesOf(externalId) {
        const text = await readFile(folder.outbox, 'utf8').catch(() => '');
        return text.split('\n').filter((line) => line.includes(`"${externalId}"`));
      },
      [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
    };
  });
}

describe('moving handled files', () => {
  test('a file stays until the next call says that its tickets are stored', async () => {
    await using folder = await openFolder();
    await folder.put('a.jsonl', '{"id":"1","body":"one"}\n{"id":"2","body":"two"}\n');
    expect(await folder.bodies()).toEqual(['one', 'two']);
    expect(await folder.list()).toEqual(['a.jsonl']);
    expect(await folder.bodies()).toEqual([]);
    expect(await folder.list()).toEqual(['done']);
    expect(await folder.list('done')).toEqual(['a.jsonl']);
  });

  test('a file of the same name is kept beside the one before', async () => {
    await using folder = await openFolder();
    for (const body of ['one', 'two']) {
      await folder.put('a.jsonl', jsonOf({ body }));
      expect(await folder.bodies()).toEqual([body]);
      await folder.poll();
    }
    expect(await folder.list('done')).toEqual(['a-2.jsonl', 'a.jsonl']);
    expect(await folder.read('done/a-2.jsonl')).toContain('two');
  });

  test('a file that grew after it was read is read again instead of moved', async () => {
    await using folder = await openFolder();
    await folder.put('a.jsonl', '{"id":"1","body":"one"}\n');
    await folder.poll();
    await folder.put('a.jsonl', '{"id":"1","body":"one"}\n{"id":"2","body":"two"}\n', new Date(longAgo.getTime() + 1));
    expect(await folder.bodies()).toEqual(['one', 'two']);
    expect(await folder.list('done')).toEqual([]);
    await folder.poll();
    expect(await folder.list('done')).toEqual(['a.jsonl']);
  });

  test('another file that has taken its name is not moved instead', async () => {
    await using folder = await openFolder();
    await folder.put('a.jsonl', '{"id":"1","body":"one"}\n');
    await folder.poll();
    await rm(join(folder.path, 'a.jsonl'));
    await folder.put('b.jsonl', '{"id":"2","body":"two"}\n');
    await rename(join(folder.path, 'b.jsonl'), join(folder.path, 'a.jsonl'));
    expect(await folder.bodies()).toEqual(['two']);
  });

  test('a long file is read page by page, and many files as well', async () => {
    await using folder = await openFolder();
    const rows = Array.from({ length: 1_000 }, (_, i) => jsonOf({ id: `r-${i}`, body: `row ${i} ${'ü'.repeat(600)}` }));
    await folder.put('long.jsonl', rows.join('\n'));
    for (let i = 0; i < 150; i += 1) await folder.put(`short-${i}.jsonl`, jsonOf({ id: `s-${i}`, body: 'short' }));
    const first = await folder.connector.listChanged?.({ cursor: null, since: new Date(), signal });
    expect(first).toMatchObject({ isEnd: false });
    expect(first?.signals).toHaveLength(200);
    const found = (await folder.poll()).map(({ externalId }) => externalId);
    expect(found).toHaveLength(1_150);
    expect(new Set(found).size).toBe(1_150);
    await folder.poll();
    expect(await folder.list('done')).toHaveLength(151);
  });
});

describe('files that are not whole', () => {
  test('a file that was changed just now waits until it has been the same for ten seconds', async () => {
    await using folder = await openFolder();
    let now = new Date('2026-11-27T10:00:00Z');
    const connector = folder.connect(() => now);
    const list = async () => (await connector.listChanged?.({ cursor: null, since: now, signal }))?.signals.length;
    await folder.put('a.jsonl', '{"body":"one"}\n', now);
    expect(await list()).toBe(0);
    now = new Date(now.getTime() + 9_000);
    await folder.put('a.jsonl', '{"body":"one"}\n{"body":"two"}\n', now);
    expect(await list()).toBe(0);
    now = new Date(now.getTime() + 10_000);
    expect(await list()).toBe(2);
    await connector.close?.();
  });

  test('the clock of the folder may be ahead of ours', async () => {
    await using folder = await openFolder();
    let now = new Date('2026-11-27T10:00:00Z');
    const connector = folder.connect(() => now);
    const list = async () => (await connector.listChanged?.({ cursor: null, since: now, signal }))?.signals.length;
    await folder.put('a.jsonl', '{"body":"one"}\n', new Date(now.getTime() + 3_600_000));
    expect(await list()).toBe(0);
    now = new Date(now.getTime() + 10_000);
    expect(await list()).toBe(1);
    await connector.close?.();
  });

  test('hidden files, folders and files of other kinds are left alone', async () => {
    await using folder = await openFolder();
    for (const name of ['.a.jsonl', 'a.jsonl.part', 'a.tmp', '~a.jsonl', 'README.md']) {
      await folder.put(name, '{"body":"one"}\n');
    }
    await mkdir(join(folder.path, 'folder.jsonl'));
    expect(await folder.poll()).toEqual([]);
    await folder.poll();
    expect(await folder.list()).not.toContain('failed');
  });
});

describe('what cannot be read', () => {
  test('goes to failed with the reasons, and the good lines are taken in', async () => {
    await using folder = await openFolder();
    const lines = [
      Buffer.from('\uFEFF{"id":"1","body":"one"}\r\n'),
      Buffer.from('{"id":"2","body":"secret words\r\n\r\n'),
      Buffer.from('{"id":"3","body":"caf'),
      Buffer.from([0xe9]),
      Buffer.from('"}\n{"id":"4","tags":["x"]}\n[]\n{"id":5,"body":"five"}'),
    ];
    await folder.put('a.jsonl', Buffer.concat(lines));
    expect((await folder.poll()).map(({ externalId }) => externalId)).toEqual(['1', '5']);
    await folder.poll();
    expect(await folder.list('failed')).toEqual(['a.jsonl', 'a.jsonl.reason.txt']);
    const reason = await folder.read('failed/a.jsonl.reason.txt');
    expect(reason).toMatch(/^a\.jsonl: 4 of 6 tickets could not be read\. The other 2 were taken in\.\n/);
    expect(reason).toMatch(/^line 2: it is not JSON\. Write one ticket a line/m);
    expect(reason).toMatch(/^line 4: it is not UTF-8\. Save the file as UTF-8\.$/m);
    expect(reason).toMatch(/^line 5: it is no ticket \(body: a ticket needs/m);
    expect(reason).toMatch(/^line 6: it is no ticket/m);
    expect(reason).not.toContain('secret');
    expect((await stat(join(folder.path, 'failed'))).mode & 0o077).toBe(0);
  });

  test('a line without end does not fill the memory, and those behind it are read', async () => {
    await using folder = await openFolder();
    await folder.put('a.jsonl', `{"body":"${'x'.repeat(5_000_000)}"}\n{"body":"two"}\n`);
    expect(await folder.bodies()).toEqual(['two']);
    await folder.poll();
    expect(await folder.read('failed/a.jsonl.reason.txt')).toContain('line 1: it is longer than 4194304 bytes');
  });

  test('the reasons of a file are the first fifty, over all pages', async () => {
    await using folder = await openFolder();
    await folder.put('a.jsonl', `${'no ticket\n'.repeat(500)}{"body":"last"}\n`);
    expect(await folder.bodies()).toEqual(['last']);
    await folder.poll();
    const reason = await folder.read('failed/a.jsonl.reason.txt');
    expect(reason).toContain('500 of 501 tickets could not be read. The other one was taken in.');
    expect(reason).toContain('line 50: ');
    expect(reason).not.toContain('line 51: ');
    expect(reason).toContain('and 450 more');
  });

  test('links are not followed, and UTF-16 is named', async () => {
    await using folder = await openFolder();
    await symlink('/etc/passwd', join(folder.path, 'link.jsonl'));
    await lutimes(join(folder.path, 'link.jsonl'), longAgo, longAgo);
    await folder.put('wide.jsonl', Buffer.from('\uFEFF{"body":"one"}', 'utf16le'));
    await folder.put('empty.jsonl', '');
    expect(await folder.poll()).toEqual([]);
    await folder.poll();
    expect(await folder.list('done')).toEqual(['empty.jsonl']);
    expect(await folder.read('failed/link.jsonl.reason.txt')).toContain('it is a link, which is not followed');
    expect(await folder.read('failed/wide.jsonl.reason.txt')).toContain(
      'wide.jsonl: it is UTF-16. Save the file as UTF-8.',
    );
  });

  test('a folder that is gone is an outage that names the cure', async () => {
    await using folder = await openFolder();
    await rm(folder.path, { recursive: true });
    await expect(folder.poll()).rejects.toMatchObject({
      name: 'ConnectorError',
      retryable: true,
      unavailable: true,
      message: expect.stringMatching(/could not read .*incoming \(ENOENT\)\. Create the folder/),
    });
    expect(await folder.connector.check?.({ groups: [], signal })).toMatchObject([{ status: 'failed' }]);
    await mkdir(folder.path);
    expect(await folder.poll()).toEqual([]);
  });

  test('a file without the right to read it goes to failed', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may read every file');
    await using folder = await openFolder();
    await folder.put('a.jsonl', '{"body":"one"}');
    await chmod(join(folder.path, 'a.jsonl'), 0);
    await folder.poll();
    await folder.poll();
    expect(await folder.read('failed/a.jsonl.reason.txt')).toContain('it cannot be read (EACCES)');
  });

  test('doctor points to files in failed', async () => {
    await using folder = await openFolder();
    await folder.put('a.jsonl', 'no ticket');
    await folder.poll();
    await folder.poll();
    expect(await folder.connector.check?.({ groups: [], signal })).toMatchObject([
      { status: 'ok' },
      { status: 'note', detail: expect.stringContaining('a.jsonl.reason.txt') },
    ]);
  });
});

describe('CSV', () => {
  test('columns are the fields of a ticket, quoted as RFC 4180 says', async () => {
    await using folder = await openFolder('csv');
    const text = [
      'id;requester.email;requester.attributes.plan;tags;automatic;body;Internal note;__proto__.x',
      '7;mia@shop.example;gold;vip, big;false;"Two ""lines""',
      'and a ; sign";x;y',
      '8;;;;;Short;;',
    ];
    await folder.put('a.csv', `\uFEFF${text.join('\r\n')}\r\n`);
    expect((await folder.poll()).map(({ ticket }) => ticket)).toEqual([
      {
        requester: { email: 'mia@shop.example', attributes: { plan: 'gold' } },
        tags: ['vip', 'big'],
        automatic: false,
        body: 'Two "lines"\r\nand a ; sign',
        source: { connector: 'folder', externalId: '7' },
      },
      { body: 'Short', source: { connector: 'folder', externalId: '8' } },
    ]);
    expect(Object.prototype).not.toHaveProperty('x');
  });

  test('a wrong quote or a missing field costs one row, with its line', async () => {
    await using folder = await openFolder('csv');
    const rows = [
      'body,subject',
      'one,1',
      '"a" b,2',
      'three,3',
      '"three,4',
      'four',
      '"two',
      'lines",6',
      'five,"open',
      'six,7',
    ];
    await folder.put('a.csv', rows.join('\n'));
    expect(await folder.bodies()).toEqual(['one', 'three', 'two\nlines', 'six']);
    await folder.poll();
    const reason = await folder.read('failed/a.csv.reason.txt');
    expect(reason).toContain('line 3: a quote closes in the middle of a field');
    expect(reason).toContain('line 5: a quote');
    expect(reason).toContain('line 6: it has 1 fields, and the first row has 2');
    expect(reason).toContain('line 9: a quote is opened and never closed');
  });

  test('without a first row that names the columns, the file is not read', async () => {
    await using folder = await openFolder('csv');
    await folder.put('a.csv', 'Ticket,Text\n1,hello\n');
    expect(await folder.poll()).toEqual([]);
    await folder.poll();
    const reason = await folder.read('failed/a.csv.reason.txt');
    expect(reason).toContain('a.csv could not be read.');
    expect(reason).toContain('names no column "body" or "subject"; it has: Ticket, Text. Name the columns');
  });

  test('pages go on within a file whose rows have line ends', async () => {
    await using folder = await openFolder('csv');
    const rows = Array.from({ length: 450 }, (_, i) => `r-${i},"row ${i}\nwith ""two"" lines"`);
    await folder.put('a.csv', `id,body\n${rows.join('\n')}\n`);
    const found = await folder.poll();
    expect(found.map(({ externalId }) => externalId)).toEqual(rows.map((_, i) => `r-${i}`));
    expect(found.at(-1)?.ticket?.body).toBe('row 449\nwith "two" lines');
  });
});

describe('erasing', () => {
  const request = (externalId: string) => ({
    ticket: { id: `drop:${externalId}`, body: 'x', source: { connector: 'drop', externalId } },
    classification: sampleClassification(),
    decision: sampleDecision({ id: `d-${externalId}` }),
    owner: null,
    based: null,
    note: '',
  });

  test('removes the lines of tickets wherever their file is, and files of nothing else', async () => {
    await using folder = await openFolder();
    const line = (id: string) => `${jsonOf({ id, body: `The words of ${id}` })}\n`;
    await folder.put('done.jsonl', `${line('1')}${line('2')}`);
    await folder.put('failed.jsonl', `${line('3')}no ticket\n${line('1')}`);
    await folder.put('only.jsonl', line('1'));
    await folder.poll();
    await folder.poll();
    await folder.put('waits.jsonl', `\uFEFF${line('1')}${line('4')}`);
    await folder.connector.deliver(request('1'));
    await folder.connector.deliver(request('2'));
    await folder.connector.erase?.({ ticketIds: ['drop:1', 'other:2', '3'] });
    expect(await folder.read('done/done.jsonl')).toBe(line('2'));
    expect(await folder.read('failed/failed.jsonl')).toBe(`${line('3')}no ticket\n`);
    expect(await folder.list('done')).toEqual(['done.jsonl']);
    expect(await readFile(folder.outbox, 'utf8')).toMatch(/"erased":true.*\n.*"ticketId":"drop:2"/);
    expect(await folder.bodies()).toEqual(['The words of 4']);
    expect((await folder.list('failed')).concat(await folder.list('done'))).not.toContainEqual(
      expect.stringContaining('.erasing'),
    );
  });

  test.each(['csv', 'eml'] as const)('removes %s', async (format) => {
    await using folder = await openFolder(format);
    for (const id of ['1', '2'])
      await folder.put(`${id}.${format}`, fileOf[format]({ id, subject: 'A', body: `Words of ${id}` }));
    await folder.poll();
    await folder.poll();
    await folder.connector.erase?.({ ticketIds: ['drop:1'] });
    expect(await folder.list('done')).toEqual([`2.${format}`]);
  });

  test('a row without an id is found by its content', async () => {
    await using folder = await openFolder('csv');
    await folder.put('a.csv', 'body\n"one, two"\nthree\n');
    const [first] = await folder.poll();
    await folder.poll();
    await folder.connector.erase?.({ ticketIds: [`drop:${first?.externalId}`] });
    expect(await folder.read('done/a.csv')).toBe('body\nthree\n');
  });

  test('what a crash left half written is removed by the next erasure', async () => {
    await using folder = await openFolder();
    await folder.put('.a.jsonl.erasing', '{"id":"1","body":"one"}');
    await folder.connector.erase?.({ ticketIds: ['drop:9'] });
    expect(await folder.list()).toEqual([]);
  });
});
