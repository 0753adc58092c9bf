import type { Named } from '../../connectors/connector.ts';
import type { IntentNode } from '../../taxonomy/taxonomy.ts';

/** Words that groups have to which tickets come first. */
const triageWords = ['triage', 'dispatch', 'inbox', 'incoming', 'general', 'first', 'frontline', 'unassigned'];
/** Words that say nothing about what a group does. */
const emptyWords = new Set([
  ...['and', 'the', 'for', 'our', 'with', 'team', 'group', 'queue', 'support', 'service', 'desk'],
  ...triageWords,
]);
/** From this length on, a word may be the beginning of another: `bill` and `billing`. */
const PREFIX_LENGTH = 4;
/** How much a word in common says: in the intent's own name, in that of an intent below it, in a description. */
const weights = { own: 6, below: 3, text: 1 };
/** One word in a description alone is chance. */
const MIN_SCORE = 2;

/**
 * Proposes a group for each intent at the top of a taxonomy, by their names: the group's id, or null where none has a
 * word in common.
 */
export function proposeTeams(options: {
  readonly intents: readonly IntentNode[];
  readonly groups: readonly Named[];
}): Map<string, string | null> {
  return new Map(options.intents.map((intent) => [intent.id, bestGroup(intent, options.groups)]));
}

/**
 * Proposes the group for what nobody else gets: the only one that is looked after, where such tickets then stay, or the
 * one that sounds like it; null when none does.
 */
export function proposeTriage(groups: readonly Named[], intake: readonly string[] = []): string | null {
  const [only] = groups.filter(({ id, name }) => intake.includes(name) || intake.includes(id));
  if (intake.length === 1 && only !== undefined) return only.id;
  const found = triageWords.flatMap((word) => groups.filter(({ name }) => wordsOf(name).includes(word)));
  return found[0]?.id ?? null;
}

function bestGroup(intent: IntentNode, groups: readonly Named[]): string | null {
  const scored = groups.map((group) => {
    const words = wordsOf(group.name).filter((word) => !emptyWords.has(word));
    return { group, score: scoreOf(words, intent) };
  });
  const best = scored.reduce<(typeof scored)[number] | null>(
    (found, next) => (next.score > (found?.score ?? MIN_SCORE - 1) ? next : found),
    null,
  );
  return best?.group.id ?? null;
}

function scoreOf(words: readonly string[], intent: IntentNode): number {
  const own = wordsOf(`${intent.id} ${intent.name}`);
  const below = intent.children.flatMap(({ id, name }) => wordsOf(`${id} ${name}`));
  const text = [intent, ...intent.children].flatMap(({ description }) => wordsOf(description));
  const isIn = (list: readonly string[], word: string) => list.some((other) => isSame(word, other));
  return words.reduce((score, word) => {
    if (isIn(own, word)) return score + weights.own;
    if (isIn(below, word)) return score + weights.below;
    return score + (isIn(text, word) ? weights.text : 0);
  }, 0);
}

function isSame(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  return short === long || (short.length >= PREFIX_LENGTH && long.startsWith(short));
}

function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return words.filter((word) => word.length > 2).map((word) => word.replace(/s$/, ''));
}
