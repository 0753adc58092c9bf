import { decodeHtmlEntities } from './html/decode-entities.ts';
import { looksLikeHtml } from './html/looks-like-html.ts';
import { readHtml } from './html/read-html.ts';
import { decodeTransferred } from './mime/encoded-text.ts';
import { readRawMessage } from './mime/raw-message.ts';
import type { Mark } from './parts/part-body.ts';

export type BodyText = {
  /** As a mail program would show it. A plain-text body that needs no decoding is exactly as it came. */
  readonly text: string;
  /** What the HTML says of stretches of the text. */
  readonly marks: readonly Mark[];
  /** The header of the mail where the body came with one; else empty. */
  readonly header: string;
};

/** Decodes a body, whatever it came as: plain text, HTML, quoted-printable, base64, raw MIME. */
export function readBody(body: string): BodyText {
  const raw = readRawMessage(body);
  const decoded = raw?.text ?? decodeTransferred(body);
  const header = raw?.header ?? headerAbove(decoded);
  if (raw?.isHtml === true || looksLikeHtml(decoded)) return { ...readHtml(decoded), header };
  return { text: decodeHtmlEntities(decoded), marks: [], header };
}

/** Lines of fields that a text begins with, where the rest of a mail's encoding is gone. They stay in the text. */
function headerAbove(text: string): string {
  const first = /^(?:[A-Za-z][A-Za-z-]{1,40}:[^\n]{0,1000}\n){1,60}(?=\r?\n)/.exec(text.slice(0, 20_000));
  return first?.[0] ?? '';
}
