import { comparable, forwardPrefixes, replyPrefixes } from './words.ts';

export type SubjectPrefixes = {
  /** The subject without its prefixes; the whole subject when nothing else is in it. */
  readonly rest: string;
  readonly isReply: boolean;
  readonly isForward: boolean;
  /** The prefix means a reply in one language and a forward in another: `VS:` in Finnish and in Danish. */
  readonly isEither: boolean;
};

const MAX_PREFIXES = 20;
/** `Re:`, `AW :`, `Re[2]:`, `回复：`, also behind a tag such as `[EXTERNAL]` or `[Ticket 17]`. */
const prefix = /^\s*((?:\[[^\][]{1,60}\]\s*){0,3})([\p{L}\p{M}./ -]{1,24}?)\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]\s*/u;

/** Reads prefixes such as `Re:` and `WG:` in many languages. What counts is the outermost of them. */
export function readPrefixes(subject: string): SubjectPrefixes {
  let rest = subject;
  let isReply = false;
  let isForward = false;
  let isEither = false;
  for (let count = 0; count < MAX_PREFIXES; count += 1) {
    const [found = '', tags = '', name = ''] = prefix.exec(rest) ?? [];
    const word = comparable(name);
    const reply = replyPrefixes.has(word);
    const forward = !reply && forwardPrefixes.has(word);
    if (!reply && !forward) break;
    const either = reply && forwardPrefixes.has(word);
    if (!isReply && !isForward && !isEither) [isReply, isForward, isEither] = [reply && !either, forward, either];
    rest = `${tags}${rest.slice(found.length)}`;
  }
  return { rest: rest.trim() || subject.trim(), isReply, isForward, isEither };
}
