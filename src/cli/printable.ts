// Text of customers and files is hostile: in a terminal it must not move the cursor, set the window title, hide or recolour
// lines, or reverse their direction.

/** Control characters, such as ESC and CSI, and the separators U+2028 and U+2029. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
/** Invisible characters: marks that reverse the direction, lone surrogates, characters for private use. */
const SHAPELESS = /[\p{Cf}\p{Cs}\p{Co}]/gu;
/** Invisible characters that join letters and emoji in ordinary texts; they are kept. */
const JOINERS: ReadonlySet<string> = new Set(['\u200c', '\u200d']);

/** Makes a foreign text one harmless line. */
export function printableLine(text: string): string {
  return dropShapeless(text.replace(CONTROLS, ' ').replace(/\s+/g, ' ')).trim();
}

/** Makes a foreign text harmless and keeps its lines. */
export function printableText(text: string): string {
  return dropShapeless(
    text.replace(/\r\n?/g, '\n').replace(CONTROLS, (one) => (one === '\n' || one === '\t' ? one : ' ')),
  );
}

/** The colours of `CliIo.colors`: bold, dim, red, green, yellow, cyan, and their ends. */
const COLOUR = new RegExp(`(${String.fromCharCode(0x1b)}\\[(?:1|2|22|31|32|33|36|39)m)`);

/**
 * The last step for everything that is printed for people. It removes all control sequences but our own colours, and those
 * too unless `colors` is true.
 */
export function printableOutput(text: string, { colors }: { readonly colors: boolean }): string {
  return text
    .split(COLOUR)
    .map((part, i) => (i % 2 === 0 ? printableText(part) : colors ? part : ''))
    .join('');
}

/** JSON in which everything is escaped that a terminal would act on. Programs parse the same values from it. */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu, (one) =>
    one === '\n' || JOINERS.has(one) ? one : escapeUnits(one),
  );
}

/** An escape in JSON has 16 bits, so a character above U+FFFF becomes two of them. */
const escapeUnits = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');

const dropShapeless = (text: string): string => text.replace(SHAPELESS, (one) => (JOINERS.has(one) ? one : ''));
