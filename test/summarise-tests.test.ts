import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { failuresWithoutTest, mergeReports } from '../scripts/summarise-tests.ts';
import { createTempDir, root } from './cli-harness.ts';

const report = (tests: Record<string, string>, { state = 'passed', errors = [] as string[] } = {}) => ({
  files: [{ name: 'a.test.ts', state, tests: Object.entries(tests).map(([name, state]) => ({ name, state })) }],
  unhandledErrors: errors.map((message) => ({ name: 'Error', message })),
});
const merge = (...reports: unknown[]) => Object.fromEntries(mergeReports(reports));

test('a test that was skipped in one run and passed in a later one has passed', () => {
  expect(merge(report({ x: 'skipped' }), report({ x: 'passed' }))).toEqual({ 'a.test.ts > x': 'passed' });
});

test('a test that failed in one run has failed, whatever a later run says', () => {
  expect(merge(report({ x: 'failed' }), report({ x: 'passed' }))).toEqual({ 'a.test.ts > x': 'failed' });
  expect(merge(report({ x: 'failed' }), report({ x: 'skipped' }))).toEqual({ 'a.test.ts > x': 'failed' });
});

test('a test that no run executed is skipped; one that only names a missing server is dropped once a run has it', () => {
  expect(merge(report({ x: 'skipped' }), report({ x: 'skipped' }))).toEqual({ 'a.test.ts > x': 'skipped' });
  expect(merge(report({ 'needs a server': 'skipped' }), report({ y: 'passed' }))).toEqual({
    'a.test.ts > y': 'passed',
  });
});

test('a test that found that it does not apply is none', () => {
  expect(merge(report({ x: 'passed', y: 'not-applicable' }))).toEqual({ 'a.test.ts > x': 'passed' });
  expect(merge(report({ y: 'skipped' }), report({ y: 'not-applicable' }))).toEqual({});
});

test.each(['failed', 'pending', 'queued'])('a file that is %s without a failed test is a failure', (state) => {
  expect(merge(report({}, { state }))).toEqual({ 'a.test.ts > (the file itself)': 'failed' });
});

test('each error that no test caught is a failure, named by its first line', () => {
  const errors = ['gc is not defined\nsecond line', 'gc is not defined'];
  expect(merge(report({ x: 'passed' }, { errors }))).toEqual({
    'a.test.ts > x': 'passed',
    'an error that no test caught (1): Error: gc is not defined': 'failed',
    'an error that no test caught (2): Error: gc is not defined': 'failed',
  });
});

test('steps that failed are named, and runs that failed without a reason or wrote no report', () => {
  const runs = new Map([
    ['good', { report: report({ x: 'passed' }), hasFailed: false }],
    ['explained', { report: report({ x: 'failed' }), hasFailed: true }],
    ['unexplained', { report: report({ x: 'passed' }), hasFailed: true }],
    ['ended', { report: null, hasFailed: true }],
  ]);
  expect(failuresWithoutTest({ steps: ['check'], runs })).toEqual([
    'the step "check"',
    'the tests of unexplained: Vitest failed, but no test did',
    'the tests of ended: they wrote no report',
  ]);
});

// Starts Vitest, so it runs with the tests that start whole programs.
test.skipIf(!process.env.TEST_PROCESSES)(
  'a run of Vitest with an error that no test caught ends in a summary that counts and names it',
  () => {
    using dir = createTempDir();
    writeFileSync(
      join(dir.path, 'late.test.ts'),
      "test('passes', () => void Promise.reject(new Error('nobody waits for this')));",
    );
    const run = (program: string, parameters: readonly string[]) =>
      spawnSync(process.execPath, [program, ...parameters], {
        cwd: root,
        encoding: 'utf8',
        env: { PATH: process.env.PATH, TEST_REPORT: join(dir.path, 'report.json') },
      });
    const reporter = join(root, 'scripts/report-tests.ts');
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const tested = run(vitest, ['run', '--root', dir.path, '--globals', `--reporter=${reporter}`]);
    expect(tested.status, tested.stderr).toBe(1);
    const summary = run('scripts/summarise-tests.ts', [join(dir.path, 'report.json')]);
    expect(summary.stdout.trim().split('\n')).toEqual([
      'failed: an error that no test caught (1): Error: nobody waits for this',
      '1 passed, 1 failed, 0 skipped',
    ]);
    expect(summary.status).toBe(1);
  },
);
