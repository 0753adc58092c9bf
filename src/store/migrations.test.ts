import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import { describe, expect, test } from 'vitest';
import { explainTooOld, type MigrationState } from './migrations.ts';
import * as schema from './schema.ts';

// drizzle-kit adds a method to every array, and other test files of this process go through arrays with `for … in`.
Reflect.deleteProperty(Array.prototype, 'random');

const folder = join(import.meta.dirname, 'migrations');

test('the migrations make the tables of schema.ts', async () => {
  const newest = readdirSync(join(folder, 'meta'))
    .filter((name) => name.endsWith('_snapshot.json'))
    .sort()
    .at(-1);
  const migrated = JSON.parse(readFileSync(join(folder, 'meta', newest ?? ''), 'utf8'));
  // Statements that would still be missing; `npx drizzle-kit generate --name WHAT` writes them.
  expect(await generateMigration(migrated, generateDrizzleJson({ ...schema }))).toEqual([]);
});

describe('a migration that takes something away', () => {
  /** The first migration that could say which programs still work. */
  const FIRST = 6;
  const takesAway =
    /\bDROP (TABLE|COLUMN|DEFAULT)\b|\bRENAME\b|\bSET NOT NULL\b|\bSET DATA TYPE\b|ADD COLUMN (?![^;]*(DEFAULT|GENERATED))[^;]*NOT NULL/i;
  const saysOldest = /UPDATE "switchboard"\."schema_info" SET "oldest_program" = (\d+)/;

  test.each([
    ['ALTER TABLE "t" DROP COLUMN "a";', true],
    ['DROP TABLE "t";', true],
    ['ALTER TABLE "t" RENAME COLUMN "a" TO "b";', true],
    ['ALTER TABLE "t" ALTER COLUMN "a" SET NOT NULL;', true],
    ['ALTER TABLE "t" ADD COLUMN "a" text NOT NULL;', true],
    ['ALTER TABLE "t" ADD COLUMN "a" text DEFAULT \'\' NOT NULL;', false],
    ['ALTER TABLE "t" ADD COLUMN "a" text;', false],
    ['CREATE TABLE "t" ("a" text NOT NULL);', false],
    ['DROP INDEX "i";', false],
  ])('is distinguished from one that only adds: %s', (statement, expected) => {
    expect(takesAway.test(statement)).toBe(expected);
  });

  test('says which programs still work, and names no program that is newer than itself', () => {
    const { entries } = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8'));
    for (const { idx, tag } of entries as { idx: number; tag: string }[]) {
      if (idx <= FIRST) continue;
      const text = readFileSync(join(folder, `${tag}.sql`), 'utf8');
      const oldest = saysOldest.exec(text)?.[1];
      if (takesAway.test(text)) expect(oldest, `${tag} must set schema_info.oldest_program`).toBeDefined();
      if (oldest !== undefined) expect(Number(oldest)).toBeLessThanOrEqual(idx);
    }
  });
});

describe('a database that a newer program has migrated', () => {
  const newer: MigrationState = {
    isNew: false,
    pending: 0,
    statements: () => [],
    isNewer: true,
    known: 6,
    oldestProgram: 6,
  };

  test.each([5, 6])('works with this program when it needs the migrations up to number %i', (oldestProgram) => {
    expect(explainTooOld({ ...newer, oldestProgram }, 'here')).toBeNull();
  });

  test.each([
    [7, 'up to number 7'],
    [null, 'brought up to date by a newer version'],
  ])('is refused when it needs newer ones (%s)', (oldestProgram, said) => {
    const message = explainTooOld({ ...newer, oldestProgram }, 'here');
    expect(message).toContain(said);
    expect(message).toContain('knows its tables up to number 6');
    expect(message).toContain('Update this installation');
  });
});
