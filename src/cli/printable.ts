// What customers and files say is hostile: in a terminal it must not move the cursor, set the title, hide or recolour
// lines, or turn their direction.

/** Control characters (ESC and CSI among them), also U+2028 and U+2029. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
/** Characters without a shape of their own: marks that turn the direction, and halves of characters. */
const SHAPELESS = /[\p{Cf}\p{Cs}\p{Co}]/gu;
/** These join letters and emoji of real texts. */
const JOINERS: ReadonlySet<string> = new Set(['\u200c', '\u200d']);

/** One line of somebody else's text. */
export function printableLine(text: string): string {
  return dropShapeless(text.replace(CONTROLS, ' ').replace(/\s+/g, ' ')).trim();
}

/** Somebody else's text of several lines. */
export function printableText(text: string): string {
  return dropShapeless(
    text.replace(/\r\n?/g, '\n').replace(CONTROLS, (one) => (one === '\n' || one === '\t' ? one : ' ')),
  );
}

/** The colours of `CliIo.colors`: bold, dim, red, green, yellow, cyan, and their ends. */
const COLOUR = new RegExp(`(${String.fromCharCode(0x1b)}\\[(?:1|2|22|31|32|33|36|39)m)`);

/**
 * Everything that is printed for people goes through here last, whatever it was put together from. Of control sequences
 * only our colours stay, and those only where colours are wanted.
 */
export function printableOutput(text: string, { colors }: { readonly colors: boolean }): string {
  return text
    .split(COLOUR)
    .map((part, i) => (i % 2 === 0 ? printableText(part) : colors ? part : ''))
    .join('');
}

/** JSON with everything escaped that a terminal could act on; programs read the same values from it. */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu, (one) =>
    one === '\n' || JOINERS.has(one) ? one : escapeUnits(one),
  );
}

/** JSON knows escapes of 16 bits: what lies beyond takes two. */
const escapeUnits = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');

const dropShapeless = (text: string): string => text.replace(SHAPELESS, (one) => (JOINERS.has(one) ? one : ''));
