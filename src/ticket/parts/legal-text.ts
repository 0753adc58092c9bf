import { isBlank, type Line } from './lines.ts';
import { isContactLine, isNameLine } from './signature-lines.ts';
import { comparable, countWords, legalWords, mailWords, speaksOfSelf } from './words.ts';

/**
 * A paragraph is legal text from this many different words of such texts, of which one is about the mail or the company.
 * Below a name it is enough that it names the mail.
 */
const LEGAL_WORDS = 3;
/** Or from this many words about the mail or the company. */
const MAIL_WORDS = 2;
/** A paragraph that speaks of "my data" is a request of a customer who knows the law, unless it has many of the words. */
const LEGAL_WORDS_OF_PERSON = 6;
const MAX_LINES_READ = 40;
/** No company adds more. */
const MAX_PARAGRAPHS = 30;
const MAX_LINE_OF_END = 100;
/** Shorter lines are not wrapped by a mail program. */
const MIN_WRAPPED = 40;

/** The mail itself, in the languages of the legal words. */
const mail =
  /e-?mail|courriel|message|mensaje|correo electr|mensagem|messaggio|nachricht|bericht|meddelande|meddelelse|melding|e-post|wiadomoś|zpráv|správ|сообщени|письм|повідомленн|лист|メール|邮件|郵件|메일|viesti|üzenet|mesaj|e-posta|μήνυμα/;
const MIN_LENGTH_BELOW_END = 110;

const isEndOfMessage = (content: string): boolean => isNameLine(content) || isContactLine(content);

/** First line of the legal text that the lines end with; null when they end with none. */
export function legalStart(lines: readonly Line[], from: number, to: number): number | null {
  let start: number | null = null;
  let end = to;
  for (let count = 0; end > from && count < MAX_PARAGRAPHS; count += 1) {
    const paragraph = paragraphStart(lines, from, end);
    const readFrom = Math.max(paragraph, end - MAX_LINES_READ);
    if (countWords(comparable(joinLines(lines, readFrom, end)), legalWords) < MAIL_WORDS) break;
    const first = firstLegalLine(lines, readFrom, end);
    // "Please put these on the invoice:" above it, and the writer shows the text.
    const isShown = /[:：]$/.test(lines[withoutBlankEnd(lines, from, paragraph) - 1]?.content ?? '');
    const text = joinLines(lines, first, end);
    if (isShown || lines[paragraph]!.depth > 0 || !isLegal(text, { isBelowEnd: isBelowEnd(lines, from, first) })) break;
    start = first;
    if (first > paragraph) break;
    end = withoutBlankEnd(lines, from, paragraph);
  }
  return start;
}

const joinLines = (lines: readonly Line[], from: number, to: number): string =>
  lines
    .slice(from, to)
    .map(({ content }) => content)
    .join(' ');

/** A name, a company or contact details stand above it: the message was over. */
function isBelowEnd(lines: readonly Line[], from: number, at: number): boolean {
  const above = lines[withoutBlankEnd(lines, from, at) - 1];
  return above !== undefined && above.content.length < MAX_LINE_OF_END && isEndOfMessage(above.content);
}

function isLegal(paragraph: string, { isBelowEnd }: { readonly isBelowEnd: boolean }): boolean {
  const text = comparable(paragraph);
  const all = countWords(text, legalWords);
  const ofMail = countWords(text, mailWords);
  if (/[?？]/.test(text) && all < LEGAL_WORDS_OF_PERSON) return false;
  if (speaksOfSelf(text)) return ofMail > 0 && all >= LEGAL_WORDS_OF_PERSON;
  const isAboutMail = ofMail > 0 || (isBelowEnd && text.length >= MIN_LENGTH_BELOW_END && mail.test(text));
  return ofMail >= MAIL_WORDS || (isAboutMail && all >= LEGAL_WORDS);
}

/** Lines above the legal text in the same paragraph are the author's where they end a sentence or are short. */
function firstLegalLine(lines: readonly Line[], from: number, to: number): number {
  let last = from;
  for (let at = from; at < to; at += 1) {
    const { content } = lines[at]!;
    if (countWords(comparable(content), legalWords) > 0) break;
    if (/[.!?:。！？：]$/.test(content) || content.length < MIN_WRAPPED) last = at + 1;
  }
  return last < to ? last : from;
}

export function paragraphStart(lines: readonly Line[], from: number, to: number): number {
  let at = to;
  while (at > from && !isBlank(lines[at - 1]!)) at -= 1;
  return at;
}

export function withoutBlankEnd(lines: readonly Line[], from: number, to: number): number {
  let at = to;
  while (at > from && isBlank(lines[at - 1]!)) at -= 1;
  return at;
}
