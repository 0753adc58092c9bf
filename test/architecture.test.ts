import { expect, test } from 'vitest';
import { checkArchitecture, findDeadPaths, findImportViolations } from '../scripts/check-architecture.ts';

test('every import goes from the doors inwards and every path cited in docs exists', () => {
  expect(checkArchitecture()).toEqual([]);
});

test('an import against the direction is found', () => {
  const files = [{ path: 'routing/decide-route.ts', text: "import { openStore } from '../store/open-store.ts';" }];
  expect(findImportViolations(files)).toEqual([
    { file: 'routing/decide-route.ts', message: 'room "routing" may not import room "store" (../store/open-store.ts)' },
  ]);
});

test('a lazy import and an import of src/testing are found too', () => {
  const files = [
    { path: 'classifiers/claude/x.ts', text: "const x = await import('../../app.ts');" },
    { path: 'pipeline/intake.ts', text: "import { fake } from '../testing/fake.ts';" },
  ];
  expect(findImportViolations(files)).toHaveLength(2);
});

test('reading process.env outside config is found, in a comment it is not', () => {
  expect(
    findImportViolations([
      { path: 'store/a.ts', text: '// process.env is read by config\nconst x = process.env.HOME;' },
    ]),
  ).toHaveLength(1);
  expect(findImportViolations([{ path: 'store/a.ts', text: '// process.env is read by config' }])).toEqual([]);
});

test('a path cited in docs that is gone is found', () => {
  expect(findDeadPaths([{ path: 'a.md', text: 'see `src/gone.ts`' }], () => false)).toHaveLength(1);
});
