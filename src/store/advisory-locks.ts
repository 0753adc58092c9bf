/**
 * The numbers of all advisory locks, the same in every version: two that were equal made unrelated work wait for each
 * other. A lock belongs to the database, so processes on one PostgreSQL share it.
 */
export const advisoryLocks = {
  /** One process migrates at a time. */
  migration: 7_294_113,
  /** Writers of history take turns until their commit. */
  history: 7_294_114,
  /** One process embeds examples and builds their index at a time. */
  embedding: 7_294_115,
  /** Reservations against the daily budget take turns. */
  spend: 7_294_116,
  /** One process trains a model at a time. */
  training: 7_294_117,
  /** One process does the regular upkeep (sweeping, retention) at a time. */
  upkeep: 7_294_118,
} as const;
