import { count, list } from '../../base/plural.ts';

/** An intent with fewer examples is thin: what the engine can show of it in advance is little. */
const THIN = 10;
/** The largest intent has at least this many times the examples of the intent in the middle. */
const LOPSIDED = 8;

/**
 * Describes in numbers that a few intents have most of the examples; null where the examples are spread evenly enough.
 * `intents` are all leaves of the taxonomy; those without examples count.
 */
export function describeLopsidedMix(options: {
  readonly examples: readonly { readonly intent: string | null }[];
  readonly intents: readonly string[];
}): {
  readonly message: string;
  readonly thin: readonly { readonly intent: string; readonly examples: number }[];
} | null {
  const counts = new Map(options.intents.map((intent) => [intent, 0]));
  for (const { intent } of options.examples) if (intent !== null) counts.set(intent, (counts.get(intent) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => a - b);
  const [largest, most] = sorted.at(-1) ?? ['', 0];
  const middle = sorted[Math.floor((sorted.length - 1) / 2)]?.[1] ?? 0;
  const thin = sorted.filter(([, examples]) => examples < THIN).map(([intent, examples]) => ({ intent, examples }));
  if (thin.length === 0 || most < LOPSIDED * Math.max(1, middle)) return null;
  const share = `${thin.length} of ${count(counts.size, 'intent')} ${thin.length === 1 ? 'has' : 'have'} fewer than ${THIN} examples`;
  const named = thin.map(({ intent, examples }) => `${intent} (${examples})`);
  return {
    message: `${share}, and "${largest}" has ${most}: the embedded engine can show its precision on the small ones only at a high confidence, so it leaves more of all tickets to Claude or to triage. Fewest examples: ${list(named)}`,
    thin,
  };
}
