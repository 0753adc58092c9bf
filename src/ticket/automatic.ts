import words from './parts/words/automatic.json' with { type: 'json' };
import { comparable, countWords } from './parts/words.ts';

/** `other`: said to be automatic by who sent the ticket here. */
export const automaticKinds = ['bounce', 'out-of-office', 'receipt', 'other'] as const;
export type AutomaticKind = (typeof automaticKinds)[number];
const foundKinds = ['bounce', 'out-of-office', 'receipt'] as const;

/** Why a mail is taken for one that no person wrote. */
export type Automatic = { readonly kind: AutomaticKind; readonly reason: string };

const MAX_READ = 4_000;
/** Without a subject that says so, only a mail with this many phrases of automatic mails is one, and no question. */
const PHRASES_ALONE = 3;

const names: Readonly<Record<(typeof foundKinds)[number], string>> = {
  bounce: 'A mail server reports that a mail could not be delivered',
  'out-of-office': 'An automatic reply of somebody who is away',
  receipt: 'A mail program confirms that a mail was read or delivered',
};

/**
 * Whether a machine wrote a mail: judged by sender, subject and phrases of many languages. Null in doubt: a customer who
 * writes about bounces or holidays is a person.
 */
export function findAutomatic(options: {
  readonly subject: string;
  readonly own: string;
  readonly sender: { readonly name?: string | undefined; readonly email?: string | undefined } | undefined;
}): Automatic | null {
  const subject = comparable(options.subject);
  const text = comparable(options.own.slice(0, MAX_READ));
  const sender = comparable(`${options.sender?.name ?? ''} ${options.sender?.email ?? ''}`);
  const isDaemon = words.senders.some((name) => sender.includes(name));
  for (const kind of foundKinds) {
    const phrases = countWords(text, words.phrases[kind].map(comparable));
    const hasSubject = words.subjects[kind].some((start) => startsSubject(subject, comparable(start)));
    const why =
      (hasSubject && phrases > 0 && 'subject and text say so') ||
      (hasSubject && (kind === 'out-of-office' || isDaemon) && 'the subject says so') ||
      (isDaemon && kind === 'bounce' && phrases > 0 && 'sender and text say so') ||
      (phrases >= PHRASES_ALONE && !text.includes('?') && 'the text says so');
    if (why !== false) return { kind, reason: `${names[kind]}: ${why}.` };
  }
  return null;
}

/** A subject that begins with such words, as automatic mails do, perhaps behind a tag such as `[EXTERNAL]`. */
function startsSubject(subject: string, start: string): boolean {
  const bare = subject.replace(/^(?:\[[^\][]{1,40}\]\s*){1,3}/, '');
  return bare.startsWith(start) || bare.endsWith(`: ${start}`);
}
