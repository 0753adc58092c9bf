import { type Saying, type SentenceFacts, say } from '../base/say.ts';
import words from './parts/words/automatic.json' with { type: 'json' };
import { comparable, countWords, shortest, speaksOfSelf } from './parts/words.ts';

/** `other`: a confirmation of another system, or said to be automatic by headers or by who sent the ticket here. */
export const automaticKinds = ['bounce', 'out-of-office', 'receipt', 'other'] as const;
export type AutomaticKind = (typeof automaticKinds)[number];

/** Why a mail is taken for one that no person wrote. */
export type Automatic = {
  readonly kind: AutomaticKind;
  readonly reason: string;
  readonly reasonFacts: readonly SentenceFacts[];
};

const MAX_READ = 4_000;
/** Without a subject that says so, only a mail with this many phrases of automatic mails is one, and no question. */
const PHRASES_ALONE = 3;

const names: Readonly<Record<AutomaticKind, Saying>> = {
  bounce: say('mail.bounce', 'A mail server reports that a mail could not be delivered'),
  'out-of-office': say('mail.out-of-office', 'An automatic reply of somebody who is away'),
  receipt: say('mail.receipt', 'A mail program confirms that a mail was read or delivered'),
  other: say('mail.confirmation', 'Another system confirms that it has received a mail'),
};

const known = automaticKinds.map((kind) => ({
  kind,
  subjects: words.subjects[kind].map(comparable),
  phrases: shortest(words.phrases[kind].map(comparable)),
}));
const openings = words.openings.map(comparable);
const repliesLater = shortest(words.repliesLater.map(comparable));
const thanks = shortest(words.thanks.map(comparable));
const wishes = words.wishes.map((wish) => (wish.startsWith(' ') ? ` ${comparable(wish)} ` : comparable(wish)));
const received = shortest(words.received.map(comparable));
/** Header fields of a mail that a program sends (RFC 3834), where the body still has its headers. */
const replyHeader =
  /^(?:auto-submitted\s{0,3}:\s{0,5}auto-replied|x-auto-?reply\s{0,3}:|x-autorespond|precedence\s{0,3}:\s{0,5}(?:auto|bulk|junk)|content-type\s{0,3}:\s{0,5}multipart\/report)/im;
/** Subjects that only programs write; "Holiday" or "Away" may be a customer's. */
const telling =
  /auto|авто|自動|自动|자동|otomatik|تلقائي|אוטומטית|out of (?:the )?office|^ooo|abwesenheits(?:notiz|nachricht|meldung)|absence du bureau|message d'absence|fuera de la oficina|fora do escritório|fuori ufficio|niet op kantoor|afwezigheidsbericht|不在通知|αυτόματ|αυτοματ|tự động|อัตโนมัติ/;
/** Parcels are not delivered either: a bounce names a mail address or a status code. */
const mailFailure = /[^\s@]{1,64}@[^\s@]{2,}|\b[45]\.\d\.\d{1,3}\b|\b55[0-4]\b/;
/** What may follow in the subject of an automatic mail: nothing, or the subject of the mail that it answers. */
const goesOn = /^\s*(?:$|[:：(\-–—!]|(?:re|aw|sv)\s?:)|^(?:returned|returned to sender)/;
/** "Your request (88123) has been received" */
const ticketNumber = /\s?[([]?(?:#|nr\.? ?|no\.? ?|n° ?)?\d{3,12}[)\]]?/g;
const quotation = /["“„«][^"“”„«»]{10,300}["”“»]/g;
const formLine = /^[^:：\n]{1,25}[:：]/gm;
/** Senders of nothing but reports; `postmaster` is also a person's address. */
const mailServers = ['mailer-daemon', 'mailerdaemon', 'mail delivery system', 'mail delivery subsystem'];
const MAX_CONFIRMATION = 1_200;
const MAX_OPENING = 120;

type Evidence = {
  readonly match: 'whole' | 'start' | null;
  readonly phrases: number;
  readonly isDaemon: boolean;
  readonly isReplyByHeader: boolean;
  readonly asks: boolean;
  /** It wants something done ("please cancel"), or names an order by its number. */
  readonly requests: boolean;
  /** Its subject has words that only programs write. */
  readonly isTelling: boolean;
  /** It speaks of mails and replies, as a person who asks to hold a parcel does not. */
  readonly repliesLater: boolean;
};

/**
 * Whether a machine wrote a mail: judged by headers where there are any, sender, subject and phrases of many languages.
 * Null in doubt: a customer who writes about bounces or holidays, or forwards such a mail, is a person.
 */
export function findAutomatic(options: {
  readonly subject: string;
  readonly own: string;
  /** The header of the mail where the body came with one; else empty. */
  readonly header: string;
  readonly sender: { readonly name?: string | undefined; readonly email?: string | undefined } | undefined;
  readonly isForward: boolean;
}): Automatic | null {
  const isReplyByHeader = replyHeader.test(options.header);
  if (options.isForward && !isReplyByHeader) return null;
  const subject = comparable(options.subject);
  // People show what a machine wrote in quotation marks.
  const text = comparable(options.own.slice(0, MAX_READ)).replace(quotation, ' ');
  const sender = comparable(`${options.sender?.name ?? ''} ${options.sender?.email ?? ''}`);
  // Mail servers begin with the same sentence each time; a person who shows it begins otherwise.
  const opening = text.slice(0, MAX_OPENING);
  const isDaemon =
    words.senders.some((name) => sender.includes(name)) || openings.some((phrase) => opening.includes(phrase));
  for (const { kind, subjects, phrases } of known) {
    if (kind === 'bounce' && !isDaemon && (!mailFailure.test(text) || speaksOfSelf(text))) continue;
    if (kind === 'receipt' && speaksOfSelf(text)) continue;
    const found = matchSubject(subject, subjects);
    const count = countApart(text, phrases);
    if (kind === 'other' && !isConfirmation(options.own, text, found === null ? count : count + 1)) continue;
    const match = kind === 'out-of-office' && found !== null && !telling.test(subject) ? 'start' : found;
    const evidence = {
      match,
      phrases: count,
      isDaemon,
      isReplyByHeader,
      asks: /[?？]/.test(text),
      requests: requests(text, options.own),
      isTelling: telling.test(subject) && !/^(?:out of (?:the )?office|ooo)/.test(subject),
      repliesLater: countWords(text, repliesLater) > 0,
    };
    const why = reasonFor(kind, evidence);
    if (why !== null) return automaticBy(kind, why);
  }
  if (mailServers.some((name) => sender.includes(name)))
    return automaticBy('bounce', say('mail.by-sender', 'its sender says so'));
  return isReplyByHeader
    ? automaticMail('other', say('mail.sent-by-program', 'A program sent it: its header says so.'))
    : null;
}

/** Automatic mail with the reason as a sentence. */
export const automaticMail = (kind: AutomaticKind, { text, facts }: Saying): Automatic => ({
  ...{ kind, reason: text, reasonFacts: facts },
});

function automaticBy(kind: AutomaticKind, why: Saying): Automatic {
  const what = names[kind];
  return automaticMail(kind, say('mail.automatic', `${what.text}: ${why.text}.`, { what, why }));
}

function reasonFor(kind: AutomaticKind, evidence: Evidence): Saying | null {
  const { match, phrases, isDaemon, isReplyByHeader, asks, requests, isTelling, repliesLater } = evidence;
  if (isReplyByHeader && (match !== null || phrases > 0)) return say('mail.by-header', 'its header says so');
  // People are away as well, and say so when they ask for something.
  if (kind === 'out-of-office' && !isTelling && (asks || requests)) return null;
  if (match === 'whole' && phrases > 0 && (kind !== 'other' || !asks))
    return say('mail.by-subject-and-text', 'subject and text say so');
  if (match === 'whole' && ((kind === 'out-of-office' && !asks) || isDaemon))
    return say('mail.by-subject', 'the subject says so');
  if (kind === 'bounce' && isDaemon && (match !== null || phrases > 0))
    return say('mail.by-sender-and-text', 'sender and text say so');
  if (asks || (kind === 'out-of-office' && !repliesLater)) return null;
  return phrases >= (kind === 'other' ? 1 : PHRASES_ALONE) ? say('mail.by-text', 'the text says so') : null;
}

/** A number of an order, not of a telephone: letters and digits. */
const reference = /(?:^|[^\p{L}\p{N}])\p{Lu}{1,4}[-–]?\d{4,}(?![\p{L}\p{N}])/u;

function requests(text: string, own: string): boolean {
  return reference.test(own) || wishes.some((wish) => ` ${text} `.includes(wish));
}

/** How many phrases occur, those that overlap counted once. */
function countApart(text: string, phrases: readonly string[]): number {
  let rest = text;
  let count = 0;
  for (const phrase of phrases) {
    if (!rest.includes(phrase)) continue;
    rest = rest.replaceAll(phrase, '\n');
    count += 1;
  }
  return count;
}

/**
 * A short mail that says it has received another; not the notification of a form, with what a customer entered.
 * `signs`: how many sentences of automatic mails it has, its subject counted.
 */
function isConfirmation(own: string, text: string, signs: number): boolean {
  const fields = own.slice(0, MAX_CONFIRMATION).match(formLine)?.length ?? 0;
  if (own.length > MAX_CONFIRMATION || fields >= 2 || speaksOfSelf(text)) return false;
  const bare = text.replace(ticketNumber, '');
  // People say thanks as well.
  return countWords(bare, received) > 0 || (signs > 1 && countWords(bare, thanks) > 0);
}

/**
 * Whether a subject is such words alone or goes on with the subject of another mail ("Automatic reply: Your order"), or
 * only begins with them. Tags such as `[EXTERNAL]` and reply prefixes are no part of it.
 */
function matchSubject(subject: string, starts: readonly string[]): 'whole' | 'start' | null {
  const bare = subject.replace(/^(?:\[[^\][]{1,40}\]\s*){1,3}/, '').replace(/^(?:re|aw|sv)\s?:\s*/, '');
  let found: 'start' | null = null;
  for (const start of starts) {
    if (bare.endsWith(`: ${start}`)) return 'whole';
    if (!bare.startsWith(start)) continue;
    const rest = bare.slice(start.length);
    if (/[:：]$/.test(start) || goesOn.test(rest)) return 'whole';
    found = 'start';
  }
  return found;
}
