import { say } from '../../base/say.ts';
import type { Label } from '../parts/part.ts';
import type { Mark } from '../parts/part-body.ts';
import { createHiddenRules } from './hidden-rules.ts';
import { loadHtmlParser } from './load-html-parser.ts';
import { hasGround, hasWhiteText } from './white-text.ts';

// The library that makes text of HTML does not say where an element's text went. So private-use characters, which no
// mail contains, are put around the elements before, and taken out of the text again after.

const OPEN_HIDDEN = '\uF8F0';
const OPEN_SIGNATURE = '\uF8F1';
const CLOSE = '\uF8F2';
const brackets = /[\uF8F0-\uF8F2]/g;

const hidden: Label = { kind: 'hidden', reason: say('part.hidden', 'A mail program does not show it.') };
const signature: Label = {
  kind: 'signature',
  reason: say('part.marked-signature', 'The mail program has marked it as a signature.'),
};

const styleSheet = /<style\b[^<>]{0,500}>([^<]{0,50000})<\/style/gi;
const signatureName =
  /(?:^|\s)(?:gmail_signature|gmail_signature_prefix|(?:x_)?applemailsignature|(?:x_)?signature|protonmail_signature_block-user|moz-signature|protonmail_signature_block|ms-outlook-mobile-signature|apple-mail-signature|signature)(?:\s|$)/i;
const voidTags: ReadonlySet<string> = new Set(
  'area base br col embed hr img input link meta source track wbr'.split(' '),
);

const MAX_WHITE_TEXT = 5_000;
const onlyText = /^[^<]*<\//;

/**
 * Puts brackets into HTML, around what is hidden and around signatures; leaves the tags as they are. `hidesWhite`: white
 * letters on white ground are hidden.
 */
export function bracketHtml(html: string, { hidesWhite }: { readonly hidesWhite: boolean }): string {
  const clean = html.replace(brackets, ' ');
  const sheets = [...clean.matchAll(styleSheet)].map(([, sheet = '']) => sheet);
  const rules = createHiddenRules(sheets);
  const isGroundKnown = hidesWhite && !sheets.some((sheet) => sheet.includes('background'));
  const pieces: string[] = [];
  let copied = 0;
  const insert = (at: number, piece: string) => {
    pieces.push(clean.slice(copied, Math.max(copied, at)), piece);
    copied = Math.max(copied, at);
  };
  let depth = 0;
  /** How deep the element is that has a bracket open; 0 when none has. Elements within it get none. */
  let opened = 0;
  /** How deep the outermost element is that may have a dark ground; 0 outside of one. */
  let ground = 0;
  const { Parser } = loadHtmlParser();
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (voidTags.has(name)) return;
        depth += 1;
        if (opened > 0) return;
        if (ground === 0 && hasGround(attributes)) ground = depth;
        const isWhite = isGroundKnown && ground === 0 && hasWhiteText(attributes);
        // Elements within it may have another colour.
        const isUnseen = isWhite && onlyText.test(clean.slice(parser.endIndex + 1, parser.endIndex + MAX_WHITE_TEXT));
        const isHidden = isUnseen || rules.hides({ name, attributes });
        if (!isHidden && !signatureName.test(`${attributes.class ?? ''} ${attributes.id ?? ''}`)) return;
        opened = depth;
        insert(parser.endIndex + 1, isHidden ? OPEN_HIDDEN : OPEN_SIGNATURE);
      },
      onclosetag(name) {
        if (voidTags.has(name)) return;
        if (opened === depth && opened > 0) {
          opened = 0;
          insert(parser.startIndex, CLOSE);
        }
        if (ground === depth) ground = 0;
        depth = Math.max(0, depth - 1);
      },
    },
    { decodeEntities: false },
  );
  parser.write(clean);
  parser.end();
  pieces.push(clean.slice(copied), opened > 0 ? CLOSE : '');
  return pieces.join('');
}

/** Takes the brackets out of the text and returns what stood between them, in order. */
export function takeBrackets(text: string): { text: string; marks: Mark[] } {
  const marks: Mark[] = [];
  const pieces: string[] = [];
  let length = 0;
  let at = 0;
  let open: { readonly start: number; readonly label: Label } | null = null;
  for (const { 0: found, index } of text.matchAll(brackets)) {
    pieces.push(text.slice(at, index));
    length += index - at;
    at = index + 1;
    if (found !== CLOSE) open = { start: length, label: found === OPEN_HIDDEN ? hidden : signature };
    else if (open !== null) {
      if (length > open.start) marks.push({ ...open, end: length });
      open = null;
    }
  }
  pieces.push(text.slice(at));
  if (open !== null) marks.push({ ...open, end: length + text.length - at });
  return { text: pieces.join(''), marks };
}
