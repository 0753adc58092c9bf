import { expect, test } from 'vitest';
import { MAX_CLAUDE_DEADLINE_MS } from '../classifiers/claude/settings.ts';
import { jobSettings } from './jobs.ts';

test('a job outlives the longest time that Claude may take by a minute, so that no slow ticket is paid for twice', () => {
  expect(jobSettings.decide.expireInSeconds * 1_000).toBeGreaterThanOrEqual(MAX_CLAUDE_DEADLINE_MS + 60_000);
});
