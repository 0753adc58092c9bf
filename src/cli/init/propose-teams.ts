import type { Named } from '../../connectors/connector.ts';
import type { IntentNode } from '../../taxonomy/taxonomy.ts';

/** Words that say nothing about what a group does. */
const emptyWords = new Set([
  'and',
  'the',
  'for',
  'our',
  'with',
  'team',
  'group',
  'queue',
  'support',
  'service',
  'desk',
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

/** Words that groups have to which tickets come first. */
const triageWords = ['triage', 'dispatch', 'inbox', 'incoming', 'general', 'first', 'frontline', 'unassigned'];

/** The group that sounds like the one for what nobody else gets; null when none does. */
export function proposeTriage(groups: readonly Named[]): string | null {
  const found = triageWords.flatMap((word) => groups.filter(({ name }) => wordsOf(name).includes(word)));
  return found[0]?.id ?? null;
}

function bestGroup(intent: IntentNode, groups: readonly Named[]): string | null {
  const scored = groups.map((group) => ({ group, score: scoreOf(wordsOf(group.name), intent) }));
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
  return words.filter((word) => word.length > 2 && !emptyWords.has(word)).map((word) => word.replace(/s$/, ''));
}
