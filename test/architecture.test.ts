import { expect, test } from 'vitest';
import {
  checkArchitecture,
  findBareScripts,
  findBrokenCommands,
  findDeadPaths,
  findImportViolations,
  findPageViolations,
} from '../scripts/check-architecture.ts';

test('every import follows the order of the rooms, and the paths and commands of the docs work', () => {
  expect(checkArchitecture()).toEqual([]);
});

test('an import against that order is found', () => {
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

test('the page may take types of the contract and src/sentences, which takes only types, and nothing else from outside', () => {
  const text = (line: string) => [{ path: 'data/api-types.ts', text: line }];
  expect(findPageViolations(text("import type * as contract from '../../src/http/contract.ts';"))).toEqual([]);
  expect(findPageViolations(text("import { theme } from '../theme.ts';"))).toEqual([]);
  expect(findPageViolations(text("import { sayIn } from '../../src/sentences/say-in.ts';"))).toEqual([]);
  const shared = (line: string) => findImportViolations([{ path: 'sentences/say-in.ts', text: line }]);
  expect(shared("import type { SentenceFacts } from '../base/say.ts';\nimport { a } from './a.ts';")).toEqual([]);
  expect(shared("import { say } from '../base/say.ts';")).toHaveLength(1);
  expect(findPageViolations(text("import { ticketRowSchema } from '../../src/http/contract.ts';"))).toHaveLength(1);
  expect(findPageViolations(text("import type { Ticket } from '../../src/ticket/ticket.ts';"))).toHaveLength(1);
});

test('reading process.env outside config is found, but not in a comment', () => {
  expect(
    findImportViolations([
      { path: 'store/a.ts', text: '// process.env is read by config\nconst x = process.env.HOME;' },
    ]),
  ).toHaveLength(1);
  expect(findImportViolations([{ path: 'store/a.ts', text: '// process.env is read by config' }])).toEqual([]);
});

test('a path in docs that does not exist is found', () => {
  expect(findDeadPaths([{ path: 'a.md', text: 'see `src/gone.ts`' }], () => false)).toHaveLength(1);
});

test('a command in docs is found that an older Node cannot run, or that is no npm script', () => {
  const scripts = new Set(['bench:http']);
  const find = (text: string) => findBrokenCommands([{ path: 'a.md', text }], scripts);
  expect(find('`TEST=1 node benchmarks/http.ts --rate 1`')).toHaveLength(1);
  expect(find('`node --test x.test.ts`')).toHaveLength(1);
  expect(find('`npm run bench:htp`')).toHaveLength(1);
  expect(find('`npm run --silent bench:http -- --rate 1`, `npx switchboard route`, a Node of today')).toEqual([]);
});

test('an npm script that starts a .ts file without the bundled Node is found', () => {
  expect(
    findBareScripts({ bench: 'node benchmarks/http.ts', fine: 'node scripts/run.cjs benchmarks/http.ts' }),
  ).toEqual(['bench']);
  // npm uses the bundled Node once a script before this one has installed it.
  expect(findBareScripts({ precheck: 'node scripts/ensure-deps.cjs', check: 'node scripts/check.ts' })).toEqual([]);
});
