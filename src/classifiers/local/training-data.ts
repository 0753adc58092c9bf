import type { IntentNode, Taxonomy } from '../../taxonomy/taxonomy.ts';

/** A text with the class that it belongs to. */
export type TrainingRow = {
  readonly text: string;
  /** Index into the list of leaves. */
  readonly label: number;
  readonly weight: number;
  /** Whether the encoder knows the language. */
  readonly isReadable: boolean;
};

/** The only language of the encoder. Texts whose language is not known are tried. */
export const isReadable = (language: string | null) => language === null || language === 'en';

export type IntentProfile = { readonly id: string; readonly name: string; readonly texts: readonly string[] };

/** The leaves as the worker needs them: plain data, cheap to hand over. */
export function describeIntents(taxonomy: Taxonomy): IntentProfile[] {
  return taxonomy.leaves.map((leaf) => ({ id: leaf.id, name: leaf.name, texts: profileTexts(leaf) }));
}

function profileTexts(leaf: IntentNode): string[] {
  const texts = [leaf.name, leaf.description, ...leaf.includes, ...leaf.examples];
  return texts.map((text) => text.trim()).filter((text) => text !== '');
}

/** Each of these texts counts as one example, and all of an intent as this many at most: measured on held-out examples. */
const MAX_PROFILE_WEIGHT = 4;

/** Rows from names, descriptions and node examples, so that an intent without examples can still be answered. */
export function profileRows(profiles: readonly IntentProfile[]): TrainingRow[] {
  return profiles.flatMap(({ texts }, label) => {
    const weight = Math.min(1, MAX_PROFILE_WEIGHT / texts.length);
    return texts.map((text) => ({ text, label, weight, isReadable: true }));
  });
}
