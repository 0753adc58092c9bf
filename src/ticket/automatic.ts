import words from './parts/words/automatic.json' with { type: 'json' };
import { comparable, countWords, shortest } from './parts/words.ts';

/** `other`: a confirmation of another system, or said to be automatic by headers or by who sent the ticket here. */
export const automaticKinds = ['bounce', 'out-of-office', 'receipt', 'other'] as const;
export type AutomaticKind = (typeof automaticKinds)[number];

/** Why a mail is taken for one that no person wrote. */
export type Automatic = { readonly kind: AutomaticKind; readonly reason: string };

const MAX_READ = 4_000;
/** Without a subject that says so, only a mail with this many phrases of automatic mails is one, and no question. */
const PHRASES_ALONE = 3;
/** Where the subject only begins like one ("Away on Friday, please deliver later"), the text has to say so twice. */
const PHRASES_OF_WEAK_SUBJECT = 2;

const names: Readonly<Record<AutomaticKind, string>> = {
  bounce: 'A mail server reports that a mail could not be delivered',
  'out-of-office': 'An automatic reply of somebody who is away',
  receipt: 'A mail program confirms that a mail was read or delivered',
  other: 'Another system confirms that it has received a mail',
};

const known = automaticKinds.map((kind) => ({
  kind,
  subjects: words.subjects[kind].map(comparable),
  phrases: shortest(words.phrases[kind].map(comparable)),
}));
const received = shortest(words.received.map(comparable));
/** Header fields of a mail that a program sends (RFC 3834), where the body still has its headers. */
const automaticHeader =
  /^(?:auto-submitted\s{0,3}:\s{0,5}auto-|x-auto-?reply\s{0,3}:|x-autorespond|precedence\s{0,3}:\s{0,5}auto|content-type\s{0,3}:\s{0,5}multipart\/report)/im;

/**
 * Whether a machine wrote a mail: judged by headers where there are any, sender, subject and phrases of many languages.
 * Null in doubt: a customer who writes about bounces or holidays is a person.
 */
export function findAutomatic(options: {
  readonly subject: string;
  readonly own: string;
  /** The header of the mail where the body came with one; else empty. */
  readonly header: string;
  readonly sender: { readonly name?: string | undefined; readonly email?: string | undefined } | undefined;
}): Automatic | null {
  const subject = comparable(options.subject);
  const text = comparable(options.own.slice(0, MAX_READ));
  const sender = comparable(`${options.sender?.name ?? ''} ${options.sender?.email ?? ''}`);
  const isDaemon = words.senders.some((name) => sender.includes(name));
  const isMarked = automaticHeader.test(options.header);
  const asks = /[?？]/.test(text);
  for (const { kind, subjects, phrases: allPhrases } of known) {
    const phrases = countWords(text, allPhrases);
    const match = matchSubject(subject, subjects);
    const confirms = kind !== 'other' || countWords(text, received) > 0;
    if (!confirms) continue;
    const why =
      (isMarked && (match !== null || phrases > 0) && 'its header says so') ||
      (match === 'whole' && phrases > 0 && (kind !== 'other' || !asks) && 'subject and text say so') ||
      (match === 'whole' && ((kind === 'out-of-office' && !asks) || isDaemon) && 'the subject says so') ||
      (match === 'start' && phrases >= PHRASES_OF_WEAK_SUBJECT && !asks && 'subject and text say so') ||
      (kind === 'bounce' && isDaemon && (match !== null || phrases > 0) && 'sender and text say so') ||
      (kind === 'other' && phrases > 0 && !asks && 'the text says so') ||
      (phrases >= PHRASES_ALONE && !asks && 'the text says so');
    if (why !== false) return { kind, reason: `${names[kind]}: ${why}.` };
  }
  return isMarked ? { kind: 'other', reason: 'Sent by a program: its header says so.' } : null;
}

/**
 * Whether a subject is such words alone or goes on with the subject of another mail ("Automatic reply: Your order"), or
 * only begins with them. Tags such as `[EXTERNAL]` and reply prefixes are no part of it.
 */
function matchSubject(subject: string, starts: readonly string[]): 'whole' | 'start' | null {
  const bare = subject.replace(/^(?:\[[^\][]{1,40}\]\s*){1,3}/, '').replace(/^(?:re|aw|sv|fw|fwd)\s?:\s*/, '');
  let found: 'start' | null = null;
  for (const start of starts) {
    if (bare.endsWith(`: ${start}`)) return 'whole';
    if (!bare.startsWith(start)) continue;
    const rest = bare.slice(start.length);
    if (/[:：]$/.test(start) || /^\s*(?:$|[:：(\-–—!])/.test(rest) || /^(?:returned|returned to sender)/.test(rest))
      return 'whole';
    found = 'start';
  }
  return found;
}
