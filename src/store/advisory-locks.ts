/**
 * The numbers of all advisory locks, in one place so that no two are equal: equal numbers make unrelated work wait for
 * each other. They stay the same in every version, because all processes on one PostgreSQL share its locks.
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
  /** Those who ask for items of the review take turns. */
  reviews: 7_294_119,
  /** Processes that start compare the examples of their files with the stored ones in turn. */
  files: 7_294_120,
} as const;
