import { StoreUnavailableError } from '../errors.ts';
import { type FoundStore, lookIntoStore } from './look-into-store.ts';
import { explainTooOld } from './migrations.ts';

/**
 * Reads the examples and corrections of a store without migrating or creating anything. An embedded store must exist and is locked
 * meanwhile. Throws StoreLockedError, and StoreUnavailableError, also when the tables are those of another version.
 */
export async function readExamples<T>(
  options: { databaseUrl: string | null; dataDir: string },
  read: (store: Pick<FoundStore, 'examples' | 'corrections'>) => Promise<T>,
): Promise<T> {
  return lookIntoStore(options, async ({ location, migrations, examples, corrections }) => {
    const tooOld = explainTooOld(migrations, location);
    if (tooOld !== null) throw new StoreUnavailableError({ message: tooOld });
    if (migrations.pending > 0) {
      const found = migrations.isNew ? 'has no tables of Switchboard yet' : 'has the tables of an older version';
      throw new StoreUnavailableError({
        message: `The database at ${location} ${found}. Bring it up to date with "switchboard migrate"; the next start of the server does the same.`,
      });
    }
    return read({ examples, corrections });
  });
}
