/**
 * Fields that one object of a request may have. No shape of ours comes near; an object of 100,000 fields takes the parser
 * 100 ms before anybody can refuse it.
 */
export const MAX_FIELDS = 1_000;

/**
 * True where one object in JSON has more fields than the bound. Reads the text once and builds nothing; what is not JSON
 * is left to the parser.
 */
export function hasWideObject(json: string): boolean {
  /** Fields so far of each object or list that is open here. */
  const open: number[] = [];
  for (let at = 0; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(json, at);
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        open.push(0);
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        open.pop();
        break;
      case COLON: {
        const fields = (open.pop() ?? 0) + 1;
        if (fields > MAX_FIELDS) return true;
        open.push(fields);
        break;
      }
    }
  }
  return false;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Position of the quote that ends the string; the end of the text where none does. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at;
  }
  return json.length;
}
