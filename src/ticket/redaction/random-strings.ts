/** Keys without a known form have at least 32 characters, which is longer than any word. */
const candidate = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{32,4000}={0,2}(?![A-Za-z0-9+/_-])/g;
/** Secret access keys of AWS have no known form except their length. */
const AWS_SECRET_LENGTH = 40;
/** The words in a camel-case name have four or more letters on average, the pieces of random text two. */
const MAX_PIECE_LENGTH = 3;
const MAX_PIECE_LENGTH_AT_AWS_SECRET = 3.4;

/**
 * Finds long random strings, as keys are: upper case, lower case and digits alternate far more often than in names of
 * classes or URLs. Hashes and UUIDs in hex, whose letters end at f, are not found.
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
    return digits >= 4 && (text.match(/[g-z]/gi)?.length ?? 0) >= 4 && averagePieceLength(text) <= MAX_PIECE_LENGTH;
  const average = averagePieceLength(text);
  if (text.length === AWS_SECRET_LENGTH && digits > 0 && average <= MAX_PIECE_LENGTH_AT_AWS_SECRET) return true;
  return digits >= 2 && average <= MAX_PIECE_LENGTH;
}

/** The average length of pieces: letters or digits up to the next change of case or kind. */
function averagePieceLength(text: string): number {
  const pieces = text.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g) ?? [];
  return pieces.join('').length / pieces.length;
}
