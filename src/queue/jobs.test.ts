import { expect, test } from 'vitest';
import { MAX_CLAUDE_DEADLINE_MS } from '../classifiers/claude/settings.ts';
import { jobSettings } from './jobs.ts';

test('a job expires at least a minute after the longest deadline of Claude, so that no slow ticket is paid twice', () => {
  expect(jobSettings.decide.expireInSeconds * 1_000).toBeGreaterThanOrEqual(MAX_CLAUDE_DEADLINE_MS + 60_000);
});
