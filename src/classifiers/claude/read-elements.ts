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

/** Where the first tag of ours begins; -1 without one. */
export function indexOfTag(text: string): number {
  return text.search(new RegExp(`<(?:${anyTag})\\b`, 'i'));
}

/**
 * The top-level elements of an answer, in order. What is inside one is its text, whatever tags it has: reasoning and
 * deciding words quote the ticket, and a ticket may spell an answer. Text between elements is left out.
 *
 * Some models never close a tag. Then each tag at the beginning of a line starts an element that ends at the next one;
 * of an answer that was cut off, the last one is not complete.
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
    // Never closed: whatever follows is inside it.
    if (end === null) break;
    elements.push({ tag, content: tidy(text.slice(opening.lastIndex, end.start)) });
    opening.lastIndex = end.after;
  }
  return elements;
}

/** An element ends at its first closing tag; `missing`, after which nothing is asked for, at its last one. */
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
  // The pattern has only these names.
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
