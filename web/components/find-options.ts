export type Option = { readonly value: string; readonly name: string; readonly hint?: string };

const fold = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/**
 * The options in which every word occurs, in name, value or hint, accents and case aside. Those whose name has a word that
 * begins with the first typed one come first; without words, the suggested ones do.
 */
export function findOptions(request: {
  options: readonly Option[];
  words: string;
  suggested?: readonly string[];
}): readonly Option[] {
  const { options, suggested = [] } = request;
  const words = fold(request.words).split(/\s+/).filter(Boolean);
  const [first] = words;
  if (first === undefined) {
    const place = (value: string) => (suggested.includes(value) ? suggested.indexOf(value) : suggested.length);
    return options.toSorted((a, b) => place(a.value) - place(b.value));
  }
  return options
    .filter(({ value, name, hint = '' }) => {
      const text = fold(`${name} ${value} ${hint}`);
      return words.every((word) => text.includes(word));
    })
    .map((option) => ({
      option,
      begins: fold(option.name)
        .split(/[^\p{L}\p{N}]+/u)
        .some((word) => word.startsWith(first)),
    }))
    .toSorted((a, b) => Number(b.begins) - Number(a.begins))
    .map(({ option }) => option);
}
