import type { OnProgress } from '../../base/progress.ts';
import type { Example } from '../../classifiers/retrieval/example-index.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { shuffled } from '../metrics/seeded-random.ts';
import { askLocal, type HeldOutAnswer, withVectorFolder } from './ask-local.ts';
import { variantGroup } from './drop-leaks.ts';

const FOLDS = 5;
/** Only affects whether the engine abstains, which the checks of labels do not use. */
const anyTarget = { targetPrecision: 0.95 };

/**
 * Returns an answer to each ticket by an embedded engine trained on the other tickets, in five folds; variants of one
 * ticket share a fold. `maxTickets` limits the time: larger sets are sampled.
 */
export async function crossValidate(options: {
  readonly tickets: readonly Example[];
  readonly taxonomy: Taxonomy;
  readonly seed: number;
  readonly maxTickets: number;
  readonly onProgress?: OnProgress;
}): Promise<HeldOutAnswer[]> {
  const { taxonomy, onProgress } = options;
  const tickets = shuffled(options.tickets, options.seed).slice(0, options.maxTickets);
  const foldOf = assignFolds(tickets, options.seed);
  return withVectorFolder(async (cacheDir) => {
    const answers: HeldOutAnswer[] = [];
    for (let fold = 0; fold < FOLDS; fold++) {
      const asked = tickets.filter((ticket) => foldOf.get(variantGroup(ticket)) === fold);
      const examples = tickets.filter((ticket) => foldOf.get(variantGroup(ticket)) !== fold);
      if (asked.length === 0 || examples.length === 0) continue;
      const step = `Cross-validating, part ${fold + 1} of ${FOLDS}`;
      answers.push(
        ...(await askLocal({ taxonomy, examples, asked, cacheDir, confidence: anyTarget, step, onProgress })),
      );
    }
    return answers;
  });
}

/** Assigns groups of variants to folds so that each intent is spread over all folds. */
function assignFolds(tickets: readonly Example[], seed: number): Map<string, number> {
  const folds = new Map<string, number>();
  const byIntent = Map.groupBy(tickets, ({ intent }) => intent);
  let next = 0;
  for (const [, own] of [...byIntent].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const group of new Set(shuffled(own, seed).map(variantGroup))) {
      if (folds.has(group)) continue;
      folds.set(group, next % FOLDS);
      next += 1;
    }
  }
  return folds;
}
