// The n-grams of eld's model, looked up in the text of its file. A Map with 81,000 strings would take every thread a fifth
// of a second and several megabytes.

const QUOTE = 39;
const COMMA = 44;
const ZERO = 48;
const COLON = 58;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;
/** A power of two, some three times the number of n-grams, so that few share a place. */
const PLACES = 2 ** 18;

/** Points by n-gram, as written: `th:{9:120,37:80},'n\'t':{9:77}};`. */
export class NgramTable {
  readonly #text: string;
  /** Where each n-gram begins in the text; 0 where a place is free. */
  readonly #places = new Int32Array(PLACES);
  #size = 0;

  private constructor(text: string) {
    this.#text = text;
  }

  /** Reads the n-grams that begin at a character. Returns the character of the first that has another form. */
  static read(text: string, start: number): NgramTable | number {
    const table = new NgramTable(text);
    for (let at = start; ; ) {
      const key = readKey(text, at);
      if (key === null || table.#size === PLACES - 1) return at;
      let end = key.end + 2;
      for (let code = text.charCodeAt(end); isDigit(code) || code === COLON || code === COMMA; ) {
        end += 1;
        code = text.charCodeAt(end);
      }
      if (text.charCodeAt(end) !== CLOSE) return at;
      table.#put(key.hash, at);
      if (text.startsWith('}};', end + 1)) return table;
      if (text.charCodeAt(end + 1) !== COMMA) return at;
      at = end + 2;
    }
  }

  get size(): number {
    return this.#size;
  }

  /** The points of an n-gram, as written. */
  get(ngram: string): string | undefined {
    for (let place = hashOf(ngram) & (PLACES - 1); ; place = (place + 1) & (PLACES - 1)) {
      const at = this.#places[place] ?? 0;
      if (at === 0) return undefined;
      const end = endOfKey(this.#text, at, ngram);
      if (end !== null) return this.#text.slice(end + 2, this.#text.indexOf('}', end));
    }
  }

  #put(hash: number, at: number): void {
    let place = hash & (PLACES - 1);
    while (this.#places[place] !== 0) place = (place + 1) & (PLACES - 1);
    this.#places[place] = at;
    this.#size += 1;
  }
}

const isDigit = (code: number) => code >= ZERO && code < COLON;
const mix = (hash: number, code: number) => Math.imul(hash ^ code, 0x01000193); // FNV-1a

function hashOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = mix(hash, text.charCodeAt(i));
  return spread(hash);
}

/** The low bits, which choose the place, depend on all bits. */
const spread = (hash: number) => hash ^ (hash >>> 15);

/** The key at a character, in quotes unless it is an identifier, and where the colon behind it is. */
function readKey(text: string, at: number): { hash: number; end: number } | null {
  const isQuoted = text.charCodeAt(at) === QUOTE;
  const first = isQuoted ? at + 1 : at;
  let hash = 0;
  let end = first;
  for (; end < text.length; end++) {
    let code = text.charCodeAt(end);
    if (isQuoted) {
      if (code === QUOTE) break;
      if (code === BACKSLASH) code = text.charCodeAt(++end);
    } else if (code === COLON || code === QUOTE || code === COMMA || code === OPEN || code === CLOSE) break;
    hash = mix(hash, code);
  }
  if (end === first) return null;
  if (isQuoted) end += 1;
  return text.charCodeAt(end) === COLON && text.charCodeAt(end + 1) === OPEN ? { hash: spread(hash), end } : null;
}

/** Where the colon behind the key at a character is, if the key is this n-gram. */
function endOfKey(text: string, at: number, ngram: string): number | null {
  const isQuoted = text.charCodeAt(at) === QUOTE;
  let end = isQuoted ? at + 1 : at;
  for (let i = 0; i < ngram.length; i++, end++) {
    if (isQuoted && text.charCodeAt(end) === BACKSLASH) end += 1;
    if (text.charCodeAt(end) !== ngram.charCodeAt(i)) return null;
  }
  const behind = text.charCodeAt(end);
  if (isQuoted) return behind === QUOTE ? end + 1 : null;
  return behind === COLON ? end : null;
}
