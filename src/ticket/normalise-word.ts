const PLAIN_ASCII = /^[a-z0-9]+$/;

/** Lower case, compatibility forms unified, accents removed: `Café` and `cafe` are the same word. */
export function normaliseWord(word: string): string {
  const lower = word.toLowerCase();
  if (PLAIN_ASCII.test(lower)) return lower;
  return lower
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/’/g, "'")
    .normalize('NFC');
}
