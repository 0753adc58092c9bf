import EmailReplyParser from 'email-reply-parser';

// The parser's regular expressions backtrack: some take time cubic in the length of a line, some run over all lines.
// Within these limits the worst case takes 40 ms (`npm run bench:hostile-text` has the inputs). Real mail is far below.
export const MAX_PARSED_LENGTH = 5_000;
const MAX_LINE_LENGTH = 160;
const MAX_HEADER_STARTS = 8;
/** Starts of lines where a pattern over several lines begins. A text with more than MAX_HEADER_STARTS is not parsed. */
const headerStart = /^[ \t]{0,20}(?:Op\s|W dniu|Dnia\s|在|[a-z]{3,4}\.\s)/gm;

/** A reply with fewer letters ("see below", "any news?") says too little, so the quoted text is added. */
const MIN_LETTERS_ALONE = 18;
/** The most characters of the start and of the end of a quoted text that are added to a reply. */
const MAX_JOINED_QUOTE = 2_000;
/** The customer refers to the quoted thread: "see below for the whole story". */
const pointsBelow =
  /\b(?:see|read|find|described|explained|mentioned|thread|mail|message|history|story) (?:[a-z]{1,10} ){0,2}below\b|\bbelow (?:for|is|you)\b|\b(?:siehe|s\.|weiter) unten\b|\buntenstehend|ci-dessous|plus bas|\b(?:ver|véase|vea|mire|lea) (?:más )?abajo|a continuación|\b(?:ver|veja|leia) abaixo|下記|以下の(?:メール|やりとり|通り)|أدناه/i;

const forwardSubject = /^\s*(?:fwd?|wg|tr|rv|enc|i|vs|doorst|転送|إعادة توجيه)\s?[:：]/i;
const forwardMarker =
  /^[ \t>]{0,20}(?:-{2,20}\s?(?:forwarded message|original message forwarded|weitergeleitete nachricht|message transféré|mensaje reenviado|mensagem encaminhada|転送されたメッセージ|転送メッセージ|رسالة معاد توجيهها)|begin forwarded message:|anfang der weitergeleiteten nachricht|début du message (?:transféré|réexpédié)|inicio del mensaje reenviado|início da mensagem reencaminhada)/im;
const quoteMarks = /^[ \t]{0,20}(?:>[ \t]?){1,50}/;
const separatorLine = /^\s*(?:-{3,4}|_{2,}|={2,4}|\+{2,4})\s*$/;

/**
 * Returns what the customer wrote in a plain-text mail, without quoted replies and signature. A forwarded thread is
 * kept whole, and a reply that says very little, or refers to the quotation, keeps it. Empty only for an empty body.
 */
export function replyText({ subject, body }: { subject: string; body: string }): string {
  const text = body.replace(/\r\n?/g, '\n').trim();
  if (text === '') return '';
  if (forwardSubject.test(subject) || forwardMarker.test(text)) return unquote(text);

  const { head, tail } = splitAt(collapseBlanks(text), MAX_PARSED_LENGTH);
  if ((head.match(headerStart)?.length ?? 0) > MAX_HEADER_STARTS) return withoutQuotedLines(text) || unquote(text);

  const { visible, quoted } = parseReply(head);
  const own = [visible, withoutQuotedLines(tail)].filter((part) => part !== '').join('\n');
  if (own === '') return unquote(text);
  const needsQuote = countLetters(own) < MIN_LETTERS_ALONE || pointsBelow.test(own);
  return needsQuote && quoted !== '' ? `${own}\n\n${cutMiddle(unquote(quoted))}` : own;
}

function parseReply(text: string): { visible: string; quoted: string } {
  const longLines: string[] = [];
  // A long line is never a header, so the parser gets a token of private-use characters instead. Quote marks stay.
  const setAside = (line: string) => {
    const marks = quoteMarks.exec(line)?.[0] ?? '';
    return `${marks}\uE000${longLines.push(line.slice(marks.length)) - 1}\uE001`;
  };
  const shortened = text
    .split('\n')
    .map((line) => (line.length <= MAX_LINE_LENGTH ? line : setAside(line)))
    .join('\n');
  const restore = (part: string) =>
    part.replace(/\uE000(\d{1,5})\uE001/g, (token, index) => longLines[Number(index)] ?? token);

  const visible: string[] = [];
  const quoted: string[] = [];
  let visibleLength = 0;
  for (const fragment of new EmailReplyParser().read(shortened).getFragments()) {
    const content = restore(fragment.getContent());
    // Web forms also contain separator lines: text below one is a signature only when it is the smaller part.
    const isForm =
      fragment.isSignature() &&
      separatorLine.test(firstLine(fragment.getContent())) &&
      content.length > Math.max(visibleLength, 120);
    const isShown = !fragment.isHidden() || isForm;
    if (isShown) {
      visible.push(content);
      visibleLength += content.length;
    } else if (fragment.isQuoted()) quoted.push(content);
  }
  return { visible: withoutQuotedLines(visible.join('\n')), quoted: quoted.join('\n').trim() };
}

function firstLine(text: string): string {
  return text.trimStart().split('\n', 1)[0] ?? '';
}

function collapseBlanks(text: string): string {
  return text
    .replace(/[^\S\n]+$/gm, '')
    .replace(/\n{4,}/g, '\n\n\n')
    .replace(/[^\S\n]{9,}/g, '        ');
}

/** Splits at the last line break before `length`; does not split a text without one there. */
function splitAt(text: string, length: number): { head: string; tail: string } {
  if (text.length <= length) return { head: text, tail: '' };
  const lineBreak = text.lastIndexOf('\n', length);
  const position = lineBreak > 0 ? lineBreak : text.length;
  return { head: text.slice(0, position), tail: text.slice(position + 1) };
}

function withoutQuotedLines(text: string): string {
  return text.replace(/^[ \t]{0,20}>.*$/gm, '').trim();
}

function cutMiddle(text: string): string {
  if (text.length <= 2 * MAX_JOINED_QUOTE) return text;
  return `${text.slice(0, MAX_JOINED_QUOTE)}\n…\n${text.slice(-MAX_JOINED_QUOTE)}`;
}

function unquote(text: string): string {
  return text.replace(/^(?:[ \t]{0,20}>)+[ \t]?/gm, '').trim();
}

/** Counts letters in the first 1,000 characters. A letter of a script without spaces counts three times. */
function countLetters(text: string): number {
  const sample = text.slice(0, 1_000);
  const dense = sample.match(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu)?.length ?? 0;
  return (sample.match(/\p{L}/gu)?.length ?? 0) + 2 * dense;
}
