import { InputError } from '../../errors.ts';
import type { ReviewKind } from '../../store/review-kinds.ts';
import type { Holder, ReviewFilter } from '../../store/review-store.ts';
import { formerIds } from '../../taxonomy/intent-scope.ts';
import { explainWrongLeaf, resolveIntent } from '../../taxonomy/resolve-intent.ts';
import { isWithin, type Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { type GivenItem, HOLD_MS, present } from './review-context.ts';

export type HoldRequest = {
  readonly holder: Holder;
  readonly kinds: readonly ReviewKind[];
  readonly team?: string | undefined;
  /** A leaf, or a parent for all leaves below it. */
  readonly intent?: string | undefined;
  readonly language?: string | undefined;
  readonly skipped?: boolean | undefined;
  readonly count?: number | undefined;
};

export type HeldItems = { readonly items: readonly GivenItem[]; readonly remaining: number };

/** Gives a reviewer the next items, which nobody else gets meanwhile. Asking again makes the time of its own longer. */
export async function holdItems(
  { store, taxonomy }: Pick<PipelineContext, 'store' | 'taxonomy'>,
  request: HoldRequest & { readonly holdMs?: number },
): Promise<HeldItems> {
  const { holder, kinds, team, intent, language, skipped = false, count = 1, holdMs = HOLD_MS } = request;
  const filter: ReviewFilter = {
    kinds,
    ...(team !== undefined && { team }),
    ...(intent !== undefined && { intents: intentsIn(taxonomy, intent) }),
    ...(language !== undefined && { language }),
  };
  const held = await store.transaction((transaction) =>
    transaction.reviews.hold({ holder, filter, skipped, count, holdMs }),
  );
  const isFiltered = team !== undefined || intent !== undefined || language !== undefined;
  const remaining = isFiltered ? await store.reviews.countWaiting(filter) : await countKinds(store, kinds);
  return { items: held.map(present), remaining };
}

/** How many items of these kinds wait. */
export async function countKinds({ reviews }: PipelineContext['store'], kinds: readonly ReviewKind[]): Promise<number> {
  const counts = await reviews.counts();
  return kinds.reduce((total, kind) => total + counts[kind], 0);
}

/** All ids under which items of an intent, or of those below it, may be stored. Throws InputError for an unknown one. */
function intentsIn(taxonomy: Taxonomy, name: string): readonly string[] {
  const present = resolveIntent(taxonomy, name);
  if (present === null) {
    const message = `there is no intent "${name}". ${explainWrongLeaf(taxonomy, name)?.cure ?? ''}`.trim();
    throw new InputError({ message: `intent: ${message}`, issues: [{ path: 'intent', message }] });
  }
  const here = [...taxonomy.nodes.keys()].filter((id) => isWithin(id, present));
  return [...new Set(here.flatMap((id) => [id, ...formerIds(taxonomy, id)]))];
}
