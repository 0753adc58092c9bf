const tags = [
  'reasoning',
  'words',
  'intent',
  'urgency',
  'sentiment',
  'certainty',
  'runners_up',
  'also',
  'missing',
] as const;
export type Tag = (typeof tags)[number];
export type Element = { readonly tag: Tag; readonly content: string };

const anyTag = tags.join('|');
const anyClosing = new RegExp(`</(?:${anyTag})\\s*>`, 'i');

/** Index of the first of our tags; -1 without one. */
export function indexOfTag(text: string): number {
  return text.search(new RegExp(`<(?:${anyTag})\\b`, 'i'));
}

/**
 * Reads the top-level elements of an answer, in order. Tags inside an element belong to its text: reasoning and
 * deciding words quote the ticket, and a ticket may contain a forged answer. Text between elements is left out.
 *
 * Some models never close a tag. Then each tag at the beginning of a line starts an element, which ends at the next
 * one. If such an answer was cut off, its last element is incomplete and left out.
 */
export function readElements({ text, cutOff }: { text: string; cutOff: boolean }): Element[] {
  return anyClosing.test(text) ? readClosed(text) : readOpen({ text, cutOff });
}

function readClosed(text: string): Element[] {
  const opening = new RegExp(`<(${anyTag})\\b[^<>]*>`, 'gi');
  const elements: Element[] = [];
  for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
    const tag = tagOf(match);
    const end = findEnd({ text, tag, from: opening.lastIndex });
    // Never closed: everything after it belongs to this element.
    if (end === null) break;
    elements.push({ tag, content: tidy(text.slice(opening.lastIndex, end.start)) });
    opening.lastIndex = end.after;
  }
  return elements;
}

/** An element ends at its first closing tag. `missing` ends at its last one, because no other element follows it. */
function findEnd(options: { text: string; tag: Tag; from: number }): { start: number; after: number } | null {
  const { text, tag, from } = options;
  const closing = new RegExp(`</${tag}\\s*>`, 'gi');
  closing.lastIndex = from;
  let end: RegExpExecArray | null = null;
  for (let match = closing.exec(text); match !== null; match = closing.exec(text)) {
    end = match;
    if (tag !== 'missing') break;
  }
  return end === null ? null : { start: end.index, after: end.index + end[0].length };
}

function readOpen({ text, cutOff }: { text: string; cutOff: boolean }): Element[] {
  const openings = [...text.matchAll(new RegExp(`^[ \\t]*<(${anyTag})\\b[^<>]*>`, 'gim'))];
  const elements = openings.map((match, at) => ({
    tag: tagOf(match),
    content: tidy(text.slice(match.index + match[0].length, openings[at + 1]?.index)),
  }));
  return cutOff ? elements.slice(0, -1) : elements;
}

function tagOf(match: RegExpExecArray): Tag {
  // The pattern matches only these names.
  return (match[1] ?? '').toLowerCase() as Tag;
}

function tidy(content: string): string {
  return content
    .trim()
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
