import { expect, test } from 'vitest';
import { mergeReports } from '../scripts/summarise-tests.ts';

const report = (tests: Record<string, string>, status = 'passed') => ({
  testResults: [
    {
      name: 'a.test.ts',
      status,
      assertionResults: Object.entries(tests).map(([fullName, status]) => ({ fullName, status })),
    },
  ],
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

test('a file that fails before its first test is a failure', () => {
  expect(merge(report({}, 'failed'))).toEqual({ 'a.test.ts > (the file itself)': 'failed' });
});
