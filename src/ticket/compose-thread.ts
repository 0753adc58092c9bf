import type { Message } from './helpdesk-ticket.ts';
import { readBody } from './read-body.ts';
import { MAX_BODY_LENGTH } from './ticket.ts';

/** Older messages beyond this are left out: engines get the first 2,000 characters of them (read-ticket.ts). */
const MAX_EARLIER_LENGTH = 20_000;
/** So much of them is read as it came: HTML may be long, and say nothing. */
const MAX_EARLIER_SOURCE = 600_000;

/** What a ticket of a helpdesk says. */
export type Thread = {
  /** The newest message of the customer, with the messages before it below, as a mail program quotes them (read-ticket.ts parts them). */
  readonly body: string;
  /** Number of files with the newest message. */
  readonly attachments: number;
};

/**
 * Writes a conversation as the body of a ticket. What agents and programs wrote is context and never the customer's own words.
 * With no public message of the customer, the first message counts as theirs: an agent wrote the ticket down for them.
 */
export function composeThread(messages: readonly Message[]): Thread {
  const conversation = messages.filter(({ isPublic, from }, index) => index === 0 || (isPublic && from !== 'system'));
  const newest = conversation.findLast(({ from }) => from === 'customer') ?? conversation[0];
  if (newest === undefined) return { body: '', attachments: 0 };
  const { attachments } = newest;
  const earlier = conversation.slice(0, conversation.indexOf(newest)).toReversed();
  if (earlier.length === 0) return { body: newest.text.slice(0, MAX_BODY_LENGTH), attachments };
  const quoted: string[] = [];
  let room = MAX_EARLIER_LENGTH;
  let unread = MAX_EARLIER_SOURCE;
  for (const message of earlier) {
    if (room <= 0 || unread <= 0) break;
    const source = message.text.slice(0, unread);
    unread -= source.length;
    const text = quote({ ...message, text: source }, room);
    room -= text.length;
    quoted.push(text);
  }
  const own = plainText(newest.text).slice(0, MAX_BODY_LENGTH - MAX_EARLIER_LENGTH - 1_000);
  return { body: [own, ...quoted].join('\n\n'), attachments };
}

function quote({ at, author, text }: Message, room: number): string {
  const lines = plainText(text).trim().slice(0, room).split('\n');
  const who = (author ?? '').replaceAll(/[\s:<>]+/g, ' ').trim();
  const when = new Date(at).toISOString();
  const header = [
    '-----Original Message-----',
    `From: ${who || 'unknown'}`,
    `Sent: ${when.slice(0, 10)} ${when.slice(11, 16)}`,
  ];
  return [...header, '', ...lines.map((line) => `> ${line}`)].join('\n');
}

const plainText = (text: string) => readBody(text).text;
