import { createRequire } from 'node:module';
import libqp from 'libqp';
import { onFirstUse } from '../../base/on-first-use.ts';

// Bodies that reach a helpdesk still encoded for transport, because something on the way did not decode them.

const MIN_BASE64_LENGTH = 40;
const base64Lines = /^[A-Za-z0-9+/]{4}[A-Za-z0-9+/\r\n]*={0,2}\s*$/;
const softBreak = /=[ \t]{0,5}\r?\n/g;
const escaped = /=[0-9A-F]{2}/g;
const multiByte = /=(?:C[2-9A-F]|D[0-9A-F]|E[0-9A-F]|F[0-4])=[89AB][0-9A-F]/g;
/** A byte of Latin-1 within a word: `T=FCr`. */
const latinLetter = /\p{L}=[C-F][0-9A-F](?=\p{L})/gu;
const lineEndEscape = /=0D=0A|=20\r?\n/;
const controlEscape = /=0D=0A|=20\r?\n|=3D|=E2=80/g;

// Loaded with the first encoded word: its tables of character sets take a tenth of a second and 5 MB. The cast: `require` has
// no types.
const loadLibmime = onFirstUse(() => createRequire(import.meta.url)('libmime') as typeof import('libmime').default);

/** Decodes encoded words such as `=?utf-8?Q?St=C3=B6rung?=` in a subject. */
export const decodeWords = (text: string): string => (text.includes('=?') ? loadLibmime().decodeWords(text) : text);

const encodedWords =
  /=\?[\w-]{2,40}\?[QB]\?[^?\s]{0,400}\?=(?:[ \t]{1,5}=\?[\w-]{2,40}\?[QB]\?[^?\s]{0,400}\?=){0,20}/gi;

/** Decodes encoded words that are left in a text of any length. */
const decodeWordsWithin = (text: string): string =>
  text.includes('=?') ? text.replace(encodedWords, (words) => loadLibmime().decodeWords(words)) : text;

/** Decodes bytes in a character set, Windows-1252 where it is missing or unknown and the bytes are not UTF-8. */
export function decodeBytes(bytes: Uint8Array, charset: string | null): string {
  try {
    return new TextDecoder(charset ?? 'utf-8', { fatal: charset === null }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Decodes a part by its `Content-Transfer-Encoding`. */
export function decodeTransfer(text: string, options: { encoding: string; charset: string | null }): string {
  const encoding = options.encoding.trim().toLowerCase();
  if (encoding === 'quoted-printable') return decodeBytes(libqp.decode(text), options.charset);
  if (encoding === 'base64') return decodeBytes(Buffer.from(text, 'base64'), options.charset);
  return decodeCharacters(text, options.charset);
}

/** ISO-2022-JP switches its characters by escapes, in seven bits, so that it arrives as ASCII where nothing decoded it. */
const japaneseEscapes = ['\u001B$B', '\u001B$@', '\u001B(J'];

const hasJapaneseEscape = (text: string): boolean => japaneseEscapes.some((sequence) => text.includes(sequence));

/** Decodes text whose characters are the bytes of another character set; text that was decoded stays as it is. */
function decodeCharacters(text: string, charset: string | null): string {
  if (/[\u{100}-\u{10FFFF}]/u.test(text)) return text;
  const bytes = Buffer.from(text, 'latin1');
  if (hasJapaneseEscape(text)) return decodeBytes(bytes, 'iso-2022-jp');
  if (charset === null || !/[\u0080-\u00FF]/.test(text)) return text;
  if (!/^utf-?8$/i.test(charset)) return decodeBytes(bytes, charset);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return text;
  }
}

/**
 * Decodes a body that is quoted-printable or base64 as a whole, or has encoded words or characters of ISO-2022-JP in it;
 * returns any other text as it is.
 */
export function decodeTransferred(encoded: string): string {
  const text = decodeWordsWithin(encoded);
  if (looksQuotedPrintable(text)) {
    return decodeBytes(libqp.decode(toLineEnds(text.replace(/[\u{80}-\u{10FFFF}]{1,1000}/gu, toQuoted))), null);
  }
  if (hasJapaneseEscape(text)) return decodeCharacters(text, null);
  return decodeBase64(text) ?? text;
}

/** Characters that are decoded already, as bytes of UTF-8 among the others. */
const toQuoted = (text: string): string => Buffer.from(text).toString('hex').toUpperCase().replace(/../g, '=$&');
const toLineEnds = (text: string): string => text.replace(/\r?\n/g, '\r\n');

/** Text about encodings has an escape here and there; an encoded text has none that is not one. */
function looksQuotedPrintable(text: string): boolean {
  const escapes = text.match(escaped)?.length ?? 0;
  if (escapes === 0) return false;
  const equals = text.split('=').length - 1;
  const breaks = text.match(softBreak)?.length ?? 0;
  if (escapes + breaks < 0.9 * equals) return false;
  const letters = text.match(multiByte)?.length ?? 0;
  const controls = text.match(controlEscape)?.length ?? 0;
  const latin = text.match(latinLetter)?.length ?? 0;
  if (letters >= 2 || latin >= 3 || controls >= 3) return true;
  return letters + latin + controls >= 1 && (breaks >= 1 || lineEndEscape.test(text));
}

function decodeBase64(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed.length < MIN_BASE64_LENGTH || !base64Lines.test(trimmed)) return null;
  const lines = trimmed.split(/\r?\n/);
  const width = lines[0]?.length ?? 0;
  // One line of letters and digits may be a key that the customer asks about: it is text only when it decodes to text.
  if (lines.slice(0, -1).some((line) => line.length !== width)) return null;
  const bytes = Buffer.from(trimmed, 'base64');
  try {
    const decoded = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: text has none of them, other data has.
    return /[\u0000-\u0008\u000E-\u001F]/.test(decoded) || !/\p{L}\p{L}[\s。、，！？]/u.test(decoded) ? null : decoded;
  } catch {
    return null;
  }
}
