/** As long as the keys of services without a form of their own, and longer than any word. */
const candidate = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{32,4000}={0,2}(?![A-Za-z0-9+/_-])/g;
/** Secret access keys of AWS have no form but their length. */
const AWS_SECRET_LENGTH = 40;
/** Words of camel case have four letters and more on the average, pieces of random text two. */
const MAX_PIECE_LENGTH = 3;
const MAX_PIECE_LENGTH_AT_AWS_SECRET = 3.4;

/**
 * Where a text has long strings of mixed letters and digits, as keys are: capitals, small letters and digits change far
 * more often than in names of classes or addresses of pages. Hashes and UUIDs, whose letters end at f, are none.
 */
export function findRandomStrings(cased: string): { start: number; end: number }[] {
  return [...cased.matchAll(candidate)]
    .filter((match) => isRandom(match[0]))
    .map((match) => ({ start: match.index, end: match.index + match[0].length }));
}

function isRandom(text: string): boolean {
  const digits = text.match(/\d/g)?.length ?? 0;
  const hasBothCases = /[a-z]/.test(text) && /[A-Z]/.test(text);
  if (!hasBothCases)
    return digits >= 4 && (text.match(/[g-z]/gi)?.length ?? 0) >= 4 && averagePiece(text) <= MAX_PIECE_LENGTH;
  const average = averagePiece(text);
  if (text.length === AWS_SECRET_LENGTH && digits > 0 && average <= MAX_PIECE_LENGTH_AT_AWS_SECRET) return true;
  return digits >= 2 && average <= MAX_PIECE_LENGTH;
}

/** Letters and digits that stand together until the case or the kind changes. */
function averagePiece(text: string): number {
  const pieces = text.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g) ?? [];
  return pieces.join('').length / pieces.length;
}
