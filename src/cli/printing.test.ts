import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('only io.ts and the progress bar write to the terminal, so that no text gets there without being made harmless', () => {
  const folder = import.meta.dirname;
  const writers = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.ts') &&
      !file.endsWith('.test.ts') &&
      /std(out|err)\.write\(|console\.\w+\(/.test(readFileSync(join(folder, file), 'utf8')),
  );
  expect(writers.sort()).toEqual(['io.ts', 'progress.ts']);
});
