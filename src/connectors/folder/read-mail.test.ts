import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { readTicket } from '../../ticket/read-ticket.ts';
import { readMail } from './read-mail.ts';

const now = new Date('2026-11-27T10:00:00Z');

async function read(content: string | Buffer) {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'mail.eml');
  await writeFile(path, content);
  await using file = await open(path);
  return await readMail(file, now); // before the file is closed
}

/** The ticket of a mail. Lines may end as in a mailbox file. */
async function ticketOf(content: string | Buffer) {
  const parsed = await read(typeof content === 'string' ? content.replace(/\n/g, '\r\n') : content);
  if ('fault' in parsed) throw new TypeError(parsed.fault.message);
  const { ticket, externalId } = parsed.signal;
  if (ticket === undefined) throw new TypeError('no ticket');
  return { externalId, ticket, read: readTicket(ticket) };
}

const header = `Received: from mx.shop.example
From: =?UTF-8?Q?J=C3=B6rg_M?= <joerg@shop.example>
To: support@acme.example
Subject: =?UTF-8?Q?P=C3=A4ckchen?=
 fehlt
Date: Fri, 27 Nov 2026 10:30:00 +0100 (CET)
Message-ID: <a1.b2@shop.example>
`;

describe('a mail', () => {
  test('gives subject, sender, time, id and the words', async () => {
    const { externalId, ticket, read } = await ticketOf(`${header}Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Wo ist mein P=C3=A4ckchen?

--=20
J=C3=B6rg
`);
    expect(externalId).toBe('a1.b2@shop.example');
    expect(ticket).toMatchObject({
      subject: 'Päckchen fehlt',
      requester: { name: 'Jörg M', email: 'joerg@shop.example' },
      createdAt: '2026-11-27T09:30:00.000Z',
      channel: 'email',
      source: { externalId: 'a1.b2@shop.example' },
    });
    expect(read.own).toBe('Wo ist mein Päckchen?');
  });

  test('without a type is plain text, in whatever bytes', async () => {
    const mail = `From: ana@shop.example\r\nSubject: Hola\r\n\r\n¿Dónde está mi paquete?\r\n`;
    expect((await ticketOf(Buffer.from(mail))).read.own).toBe('¿Dónde está mi paquete?');
    const typed = mail.replace(
      '\r\n\r\n',
      '\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n',
    );
    expect((await ticketOf(Buffer.from(typed, 'latin1'))).read.own).toBe('¿Dónde está mi paquete?');
  });

  test('without an id has one by its content', async () => {
    const mail = 'From: ana@shop.example\nSubject: One\n\nHello\n';
    const [one, again, other] = [await ticketOf(mail), await ticketOf(mail), await ticketOf(`${mail}there`)];
    expect(one.externalId).toMatch(/^mail-[0-9a-f]{24}$/);
    expect(again.externalId).toBe(one.externalId);
    expect(other.externalId).not.toBe(one.externalId);
  });

  test('of a time to come, or none, was written when it arrived', async () => {
    const later = header.replace('27 Nov 2026', '27 Nov 2036');
    expect((await ticketOf(`${later}\nHello\n`)).ticket.createdAt).toBeUndefined();
    expect((await ticketOf(`${header.replace('Fri, 27 Nov', 'soon')}\nHello\n`)).ticket.createdAt).toBeUndefined();
  });

  test('from a program is known as such by its header', async () => {
    const { read } = await ticketOf(`${header}Auto-Submitted: auto-replied\n\nI am away until Monday.\n`);
    expect(read.automatic).not.toBeNull();
  });
});

describe('attachments', () => {
  const part = (lines: string) => `--b 1\n${lines}`;
  const mail = (...parts: string[]) =>
    `${header}MIME-Version: 1.0\nContent-Type: multipart/mixed;\n boundary="b 1"\n\nThis is a multi-part message in MIME format.\n${parts.map(part).join('')}--b 1--\n`;
  const picture = `Content-Type: image/png; name="x.png"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment\n\n${`${'iVBORw0KGgo'.repeat(6)}\n`.repeat(20_000)}`;
  const words = 'Content-Type: text/plain; charset=utf-8\n\nIt is broken, see the picture.\n';

  test('are counted and left out, so that the words behind a large one are read', async () => {
    const { ticket, read } = await ticketOf(mail(picture, words));
    expect(read.own).toBe('It is broken, see the picture.');
    expect(ticket.attachments).toBe(1);
    expect(ticket.body?.length).toBeLessThan(2_000);
  });

  test('a mail of nothing but attachments has no words', async () => {
    const { ticket } = await ticketOf(mail(picture, picture));
    expect(ticket).toMatchObject({ subject: 'Päckchen fehlt', attachments: 2 });
    expect(ticket.body).toBeUndefined();
  });

  test('a text that is attached is a file as well, and a nested alternative is read', async () => {
    const log = 'Content-Type: text/plain\nContent-Disposition: attachment; filename=app.log\n\nERROR in line 7\n';
    const both =
      'Content-Type: multipart/alternative; boundary=inner\n\n--inner\nContent-Type: text/plain\n\nPlain words.\n--inner\nContent-Type: text/html\n\n<p>Other words.</p>\n--inner--\n';
    const { ticket, read } = await ticketOf(mail(both, log));
    expect(read.own).toBe('Plain words.');
    expect(ticket.attachments).toBe(1);
    expect(ticket.body).not.toContain('ERROR');
  });

  test('a mail within a mail is read', async () => {
    const inner =
      'Content-Type: message/rfc822\n\nFrom: mia@shop.example\nSubject: Inner\nContent-Type: text/plain\n\nThe inner words.\n';
    const { read } = await ticketOf(mail('Content-Type: text/plain\n\nPlease look at this.\n', inner));
    expect(read.body).toContain('Please look at this.');
    expect(read.body).toContain('The inner words.');
  });
});

test.each([
  ['empty', ''],
  ['plain text', 'Hello, where is my parcel?\n'],
  ['bytes', Buffer.from([0, 1, 2, 3, 0xff])],
])('a file of %s is no mail', async (_, content) => {
  expect(await read(content)).toMatchObject({ fault: { message: 'it does not begin with the header of a mail' } });
});

test('the line that a mailbox puts above a mail is none of it', async () => {
  const { read } = await ticketOf(`From ana@shop.example Fri Nov 27 10:30:00 2026\n${header}\nHello\n`);
  expect(read.own).toBe('Hello');
});
