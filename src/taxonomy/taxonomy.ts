/** One node of the tree. Its id is its whole path, for example `order-related/returns-and-exchanges`. */
export type IntentNode = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly includes: readonly string[];
  /** Cases that belong to a similar intent instead; each names the intent that wins. */
  readonly excludes: readonly string[];
  /** Short customer texts that belong to this intent. */
  readonly examples: readonly string[];
  /** Instructions for choosing among the children of this node. */
  readonly instructions: string;
  readonly children: readonly IntentNode[];
};

/** The tree of what customers want. Classifiers return leaves. */
export type Taxonomy = {
  readonly name: string;
  /** Hash of the content: the same tree has the same version on every machine. */
  readonly version: string;
  /** Intents in order of importance, for tickets with several issues; may name parents. */
  readonly priority: readonly string[];
  /** Whether an angry ticket is classified by what it asks (`intent`) or as a complaint (`complaint`). */
  readonly whenAngry: 'intent' | 'complaint';
  /** Instructions for the whole tree. */
  readonly instructions: string;
  readonly intents: readonly IntentNode[];
  /** Every node by id, parents before their children. */
  readonly nodes: ReadonlyMap<string, IntentNode>;
  readonly leaves: readonly IntentNode[];
  /** Current id by former id; see `resolveIntent`. Not part of the version, because no classifier sees them. */
  readonly aliases: ReadonlyMap<string, string>;
};

/** True when `intent` is `ancestor` or lies below it. */
export function isWithin(intent: string, ancestor: string): boolean {
  return intent === ancestor || intent.startsWith(`${ancestor}/`);
}
