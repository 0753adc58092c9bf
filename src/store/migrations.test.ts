import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import { expect, test } from 'vitest';
import * as schema from './schema.ts';

test('the migrations make the tables of schema.ts', async () => {
  const folder = join(import.meta.dirname, 'migrations/meta');
  const newest = readdirSync(folder)
    .filter((name) => name.endsWith('_snapshot.json'))
    .sort()
    .at(-1);
  const migrated = JSON.parse(readFileSync(join(folder, newest ?? ''), 'utf8'));
  // Statements that would still be missing; `npx drizzle-kit generate --name WHAT` writes them.
  expect(await generateMigration(migrated, generateDrizzleJson({ ...schema }))).toEqual([]);
});
