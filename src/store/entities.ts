import { createAssignmentStore } from './assignments.ts';
import { createBreakerStore } from './breakers.ts';
import { createCalibrationStore } from './calibrations.ts';
import { createChangeStore } from './changes.ts';
import { createClassificationStore } from './classifications.ts';
import { createCorrectionStore } from './corrections.ts';
import { createCounterStore } from './counters.ts';
import { createCursorStore } from './cursors.ts';
import type { Executor } from './database.ts';
import type { Guard } from './database-error.ts';
import { createDecisionStore } from './decisions.ts';
import { createDeliveryStore } from './deliveries.ts';
import { createErasureStore } from './erasures.ts';
import { createExampleStore } from './examples.ts';
import { createFeedbackStore } from './feedback.ts';
import { createFigureStore } from './figures/figures.ts';
import { createHistoryStore } from './history.ts';
import { createPlaceStore } from './places.ts';
import { createProcessStore } from './processes.ts';
import { createReleaseStore } from './releases.ts';
import { createReviewStore } from './reviews.ts';
import { createSessionStore } from './sessions.ts';
import { createSpendStore } from './spend.ts';
import type { StoreEntities } from './store.ts';
import { createWordStore } from './ticket-search/ticket-words.ts';
import { createTicketStore } from './tickets.ts';
import { createTokenStore } from './tokens.ts';
import { createUserStore } from './users.ts';
import { createWebhookStore } from './webhooks.ts';

/** On an embedded store, so that a statement that counts tickets takes some 20 ms (docs/decisions/store.md). */
export const COUNTED_AT_ONCE = 8_000;

/**
 * The entities on a database or a transaction; every call goes through `guard`. `countedAtOnce`: how many tickets a statement
 * may count, null for any number.
 */
export function createEntities(
  executor: Executor,
  guard: Guard,
  { countedAtOnce = null }: { countedAtOnce?: number | null } = {},
): StoreEntities {
  return {
    tickets: guarded(createTicketStore(executor), guard),
    words: guarded(createWordStore(executor), guard),
    figures: guarded(createFigureStore(executor, countedAtOnce), guard),
    classifications: guarded(createClassificationStore(executor), guard),
    decisions: guarded(createDecisionStore(executor), guard),
    deliveries: guarded(createDeliveryStore(executor), guard),
    history: guarded(createHistoryStore(executor), guard),
    corrections: guarded(createCorrectionStore(executor), guard),
    examples: guarded(createExampleStore(executor), guard),
    feedback: guarded(createFeedbackStore(executor), guard),
    reviews: guarded(createReviewStore(executor), guard),
    sessions: guarded(createSessionStore(executor), guard),
    users: guarded(createUserStore(executor), guard),
    tokens: guarded(createTokenStore(executor), guard),
    assignments: guarded(createAssignmentStore(executor), guard),
    counters: guarded(createCounterStore(executor), guard),
    releases: guarded(createReleaseStore(executor), guard),
    calibrations: guarded(createCalibrationStore(executor), guard),
    erasures: guarded(createErasureStore(executor), guard),
    spend: guarded(createSpendStore(executor), guard),
    breakers: guarded(createBreakerStore(executor), guard),
    processes: guarded(createProcessStore(executor), guard),
    webhooks: guarded(createWebhookStore(executor), guard),
    places: guarded(createPlaceStore(executor), guard),
    changes: guarded(createChangeStore(executor), guard),
    cursors: guarded(createCursorStore(executor), guard),
  };
}

/** The same methods, each run through `guard`. All members of an entity store are methods that return promises. */
function guarded<T extends object>(entity: T, guard: Guard): T {
  const wrap =
    <A extends unknown[], R>(method: (...parameters: A) => Promise<R>) =>
    (...parameters: A) =>
      guard(() => method(...parameters));
  // The cast is safe: each method is replaced by one with the same signature.
  return Object.fromEntries(Object.entries(entity).map(([name, method]) => [name, wrap(method)])) as T;
}
