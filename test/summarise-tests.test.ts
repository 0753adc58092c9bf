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

test('a test that was skipped first and passed later has passed', () => {
  expect(merge(report({ x: 'skipped' }), report({ x: 'passed' }))).toEqual({ 'a.test.ts > x': 'passed' });
});

test('a failure stays one, whatever a later run says', () => {
  expect(merge(report({ x: 'failed' }), report({ x: 'passed' }))).toEqual({ 'a.test.ts > x': 'failed' });
  expect(merge(report({ x: 'failed' }), report({ x: 'skipped' }))).toEqual({ 'a.test.ts > x': 'failed' });
});

test('a test that no run ran is skipped, and one that only named a missing server is gone once the server is there', () => {
  expect(merge(report({ x: 'skipped' }), report({ x: 'skipped' }))).toEqual({ 'a.test.ts > x': 'skipped' });
  expect(merge(report({ 'needs a server': 'skipped' }), report({ y: 'passed' }))).toEqual({
    'a.test.ts > y': 'passed',
  });
});

test('a file that broke before its first test is a failure', () => {
  expect(merge(report({}, 'failed'))).toEqual({ 'a.test.ts > (the file itself)': 'failed' });
});
