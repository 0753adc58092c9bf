const known: number[] = [0];

/** ln(n!), exact to rounding. */
export function logFactorial(n: number): number {
  for (let i = known.length; i <= n; i++) known.push(known[i - 1]! + Math.log(i));
  return known[n]!;
}

/** ln of the number of ways to choose k of n. */
export const logChoose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k);
