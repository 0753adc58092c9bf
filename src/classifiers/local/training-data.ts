import type { IntentNode, Taxonomy } from '../../taxonomy/taxonomy.ts';

/** A text with the class that it belongs to. */
export type TrainingRow = {
  readonly text: string;
  /** Index into the list of leaves. */
  readonly label: number;
  readonly weight: number;
};

export type IntentProfile = { readonly id: string; readonly name: string; readonly texts: readonly string[] };

/** The leaves as the worker needs them: plain data, cheap to hand over. */
export function describeIntents(taxonomy: Taxonomy): IntentProfile[] {
  return taxonomy.leaves.map((leaf) => ({ id: leaf.id, name: leaf.name, texts: profileTexts(leaf) }));
}

function profileTexts(leaf: IntentNode): string[] {
  const texts = [leaf.name, leaf.description, ...leaf.includes, ...leaf.examples];
  return texts.map((text) => text.trim()).filter((text) => text !== '');
}

/**
 * Rows from names, descriptions and node examples, so that an intent without examples can still be answered.
 * All texts of one intent together weigh `weight` examples.
 */
export function profileRows(profiles: readonly IntentProfile[], weight: number): TrainingRow[] {
  return profiles.flatMap(({ texts }, label) => texts.map((text) => ({ text, label, weight: weight / texts.length })));
}
