import { loadHtmlParser } from './load-html-parser.ts';

const entity = /&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});/i;
const tag = /<[a-z/!][^<>]{0,500}>/i;

/** Decodes entities in plain text, unless it has tags as well: then it is code that somebody pasted. */
export function decodeHtmlEntities(text: string): string {
  if (!entity.test(text) || tag.test(text)) return text;
  const pieces: string[] = [];
  const { Parser } = loadHtmlParser();
  const parser = new Parser({ ontext: (piece) => pieces.push(piece) }, { decodeEntities: true });
  parser.write(text);
  parser.end();
  const decoded = pieces.join('');
  return decoded.trim() === '' ? text : decoded;
}
