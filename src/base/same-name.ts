/** True for two names that differ in capital letters and surrounding spaces at most. */
export function isSameName(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}
