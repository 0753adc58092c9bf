import { sql } from '../base/drizzle.ts';
import type { Executor } from './database.ts';
import { createGuard } from './database-error.ts';
import { createEntities } from './entities.ts';
import { type MigrationState, readMigrationState } from './migrations.ts';
import { openEmbeddedToRead } from './open-embedded.ts';
import { openPostgresqlToRead } from './open-postgresql.ts';
import type { CorrectionStore, ExampleStore, Store } from './store.ts';

/** A store as it was found, whichever version has migrated it. */
export type FoundStore = {
  readonly kind: Store['kind'];
  /** For people: the folder, or the address without user and password. */
  readonly location: string;
  readonly migrations: MigrationState;
  /** Runs one of our own queries, on columns that exist in every version. The session refuses to write. */
  query(text: string): Promise<readonly unknown[]>;
  /** For a store whose tables are those of this version. */
  readonly examples: Pick<ExampleStore, 'list' | 'countBySource'>;
  readonly corrections: Pick<CorrectionStore, 'ofWords'>;
};

/**
 * Reads a store without migrating or creating anything. An embedded store must exist and is locked meanwhile.
 * Throws StoreLockedError when another process holds the folder, StoreUnavailableError when it cannot be opened.
 */
export async function lookIntoStore<T>(
  options: { databaseUrl: string | null; dataDir: string },
  look: (store: FoundStore) => Promise<T>,
): Promise<T> {
  const { databaseUrl, dataDir } = options;
  const { executor, location, close } =
    databaseUrl === null ? await openEmbeddedToRead({ dataDir }) : await openPostgresqlToRead({ databaseUrl });
  try {
    return await look(
      await describeFound({ executor, location, kind: databaseUrl === null ? 'embedded' : 'postgresql' }),
    );
  } finally {
    await close();
  }
}

export async function describeFound(options: {
  executor: Executor;
  location: string;
  kind: Store['kind'];
}): Promise<FoundStore> {
  const { executor, location, kind } = options;
  const guard = createGuard(location);
  const { examples, corrections } = createEntities(executor, guard);
  return {
    kind,
    location,
    migrations: await guard(() => readMigrationState(executor)),
    query: async (text) => (await guard(async () => executor.execute(sql.raw(text)))).rows,
    examples,
    corrections,
  };
}
