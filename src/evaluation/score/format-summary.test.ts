import { expect, test } from 'vitest';
import type { CriterionResult, EvaluationResult } from './evaluation-result.ts';
import { formatSummary, suggestRequired } from './format-summary.ts';

const criterion = (id: string, status: CriterionResult['status'], required = true): CriterionResult => ({
  ...{ id, status, required, passed: status === 'passed', value: null, low: null, high: null, target: 0.9 },
  ...{ certain: false, n: 40, why: '', needs: null, failed: [], details: {} },
});

const plain = { bold: String, dim: String, green: String, red: String, yellow: String };
const result: EvaluationResult = {
  ...{ run: 'r', count: 40, correct: 38, accuracy: { value: 0.95, low: 0.83, high: 0.99 }, macroF1: 0.9, leakage: 0 },
  live: {
    ...{ coverage: 0.03, precision: 1, acceptedOutOfScope: 0 },
    intervals: { coverage: { low: 0.01, high: 0.1 }, precision: { low: 0.5, high: 1 } },
  },
  selective: { targetPrecision: 0.95, coverage: 0.04, precision: 1, low: 0.5, high: 1 },
  outOfScope: { count: 6, auroc: 0.9, recallAt95Acceptance: 0.5, rejected: 1 },
  ...{ calibrationError: 0.1, latencyMs: { p50: 1, p95: 2, p99: 3 } },
  cost: { totalUsd: 0, perTicketUsd: 0, spentUsd: 0 },
  ...{ calibratedOn: null, unanswered: { timeout: 0, refused: 0, error: 0 }, engine: { kind: 'claude', why: 'why' } },
  ...{ perIntent: [], stages: [], failures: [] },
  criteria: [{ ...criterion('consistency', 'passed'), value: 1 }],
};

test('says beside the out-of-scope tickets that were turned away how many of all were', () => {
  expect(formatSummary(result, plain)).toContain('100 % of 6 turned away (of all tickets 97 % were); AUROC');
});

test('calls a criterion that its interval does not show “not certain”', () => {
  expect(formatSummary(result, plain)).toMatch(/✓ Consistency +passed, not certain +100 % \(target ≥ 90 %\)/);
});

test('names what a small data set can require of an engine, instead of a gate that none can pass', () => {
  const small = [
    criterion('routing-accuracy', 'missed'),
    criterion('calibration', 'passed'),
    criterion('bias', 'not-measured'),
    criterion('multilingual', 'not-measured'),
    criterion('cost', 'not-measured', false),
  ];
  expect(suggestRequired(small)).toEqual([
    'No engine can pass the gate on these tickets, because 2 required criteria cannot be measured with them. To require what can be: evaluation: { required: [routing-accuracy, calibration] }',
  ]);
  // Another engine may answer enough of the tickets to measure it.
  const unsure = { ...criterion('abstention', 'not-measured'), needs: 'engine' as const };
  expect(suggestRequired([...small, unsure]).join()).toContain('required: [routing-accuracy, calibration, abstention]');
  expect(suggestRequired([...small.slice(0, 2), unsure])).toEqual([]);
  expect(suggestRequired(small.slice(0, 2))).toEqual([]);
  expect(suggestRequired(small.slice(2))).toEqual([]);
});
