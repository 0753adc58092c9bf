/** Makes a name usable as an id: `Billing & Refunds` becomes `billing-refunds`. Empty when it has no letter or digit. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^[-\p{M}]+|-+$/gu, '');
}

/** Adds a number to a slug that is taken, and takes it. `fallback` is used for a name without letters. */
export function takeSlug(taken: Set<string>, name: string, fallback: string): string {
  const slug = slugOf(name) || fallback;
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? slug : `${slug}-${number}`;
    if (taken.has(candidate)) continue;
    taken.add(candidate);
    return candidate;
  }
}
