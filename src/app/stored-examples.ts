import { count } from '../base/plural.ts';
import type { StoredExample } from '../store/store.ts';
import { resolveLeaf } from '../taxonomy/resolve-intent.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';

/** Number of stored examples by intent, for intents that are neither a leaf nor a former id of one. */
export type UnknownIntents = Readonly<Record<string, number>>;

/**
 * The example with a former id of its intent replaced by today's; null when the taxonomy has no such leaf. One that belongs
 * to nobody stays as it is.
 */
export function withPresentIntent(stored: StoredExample, taxonomy: Taxonomy): StoredExample | null {
  const { example } = stored;
  if (example.intent === null) return stored;
  const intent = resolveLeaf(taxonomy, example.intent);
  if (intent === null) return null;
  return intent === example.intent ? stored : { ...stored, example: { ...example, intent } };
}

/** Splits the numbers of stored examples by intent into those that engines can learn and those that they cannot. */
export function splitCounts(
  counts: ReadonlyMap<string, number>,
  taxonomy: Taxonomy,
): { readonly learned: number; readonly unknownIntents: UnknownIntents } {
  const entries = [...counts];
  const isKnown = ([intent]: [string, number]) => resolveLeaf(taxonomy, intent) !== null;
  return {
    learned: entries.filter(isKnown).reduce((sum, [, number]) => sum + number, 0),
    unknownIntents: Object.fromEntries(entries.filter((entry) => !isKnown(entry))),
  };
}

const INTENTS_SHOWN = 5;

/** Says to people which examples are not used and what to do; null when every stored example is used. */
export function describeUnknownIntents(unknown: UnknownIntents): string | null {
  const entries = Object.entries(unknown).toSorted(([, a], [, b]) => b - a);
  if (entries.length === 0) return null;
  const total = entries.reduce((sum, [, number]) => sum + number, 0);
  const shown = entries.slice(0, INTENTS_SHOWN).map(([intent, number]) => `${intent} (${number})`);
  const rest = entries.length > INTENTS_SHOWN ? ` and ${count(entries.length - INTENTS_SHOWN, 'other')}` : '';
  return (
    `${count(total, 'stored example')} ${total === 1 ? 'is' : 'are'} not used, because the taxonomy has no such leaf: ` +
    `${shown.join(', ')}${rest}. If an intent was renamed, list its former id under \`aliases\` of the node.`
  );
}
