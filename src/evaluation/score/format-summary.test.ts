import { expect, test } from 'vitest';
import type { CriterionResult } from './evaluation-result.ts';
import { suggestRequired } from './format-summary.ts';

const criterion = (id: string, status: CriterionResult['status'], required = true): CriterionResult => ({
  ...{ id, status, required, passed: status === 'passed', value: null, low: null, high: null, target: 0.9 },
  ...{ certain: false, n: 40, why: '', needs: null, failed: [], details: {} },
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
  expect(suggestRequired(small.slice(0, 2))).toEqual([]);
  expect(suggestRequired(small.slice(2))).toEqual([]);
});
