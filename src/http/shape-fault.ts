/**
 * The most fields that one object of a request may have. No shape of the contract has nearly as many. Without this
 * limit, an object of 100,000 fields would keep the JSON parser busy for 100 ms before it could be refused.
 */
export const MAX_FIELDS = 1_000;

/** The deepest nesting of a request. No shape of the contract has half as much, and deep lists are slow to check. */
export const MAX_NESTING = 50;
/** The most objects and lists of a request: 10,000 examples have some 60,000 of them, and each costs the parser time. */
export const MAX_PARTS = 100_000;

export type ShapeFault = 'wide' | 'deep' | 'many';

/**
 * Whether an object in the JSON text has more than MAX_FIELDS fields (`wide`), objects and lists are nested deeper
 * than MAX_NESTING (`deep`), or there are more of them than MAX_PARTS (`many`); null when none of it. Reads the text once without parsing it. Text that is not JSON is left to the parser.
 */
export function findShapeFault(json: string): ShapeFault | null {
  let parts = 0;
  /** Number of fields seen so far in each object or list that is open at this position. */
  const open: number[] = [];
  for (let at = 0; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(json, at);
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        open.push(0);
        parts++;
        if (open.length > MAX_NESTING) return 'deep';
        if (parts > MAX_PARTS) return 'many';
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        open.pop();
        break;
      case COLON: {
        const fields = (open.pop() ?? 0) + 1;
        if (fields > MAX_FIELDS) return 'wide';
        open.push(fields);
        break;
      }
    }
  }
  return null;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Position of the quote that ends the string; the length of the text when there is none. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at;
  }
  return json.length;
}
