import { UsageError } from '../../errors.ts';
import type { CriterionResult } from '../score/evaluation-result.ts';
import { abstention } from './abstention.ts';
import { adaptation } from './adaptation.ts';
import { bias } from './bias.ts';
import { calibration } from './calibration.ts';
import { consistency } from './consistency.ts';
import { cost } from './cost.ts';
import { type Criterion, type CriterionId, criterionIds, judgeCriterion } from './criterion.ts';
import { edgeCases } from './edge-cases.ts';
import type { Evidence } from './evidence.ts';
import { explainability } from './explainability.ts';
import { multilingual } from './multilingual.ts';
import { promptEfficiency } from './prompt-efficiency.ts';
import { responseTime } from './response-time.ts';
import { routingAccuracy } from './routing-accuracy.ts';

export const criteria: Readonly<Record<CriterionId, Criterion>> = {
  'routing-accuracy': routingAccuracy,
  consistency,
  adaptation,
  multilingual,
  'edge-cases': edgeCases,
  bias,
  'prompt-efficiency': promptEfficiency,
  explainability,
  abstention,
  calibration,
  cost,
  'response-time': responseTime,
};

/** Throws `UsageError` that lists the known ids when a name is not one of them. */
export function parseCriterionIds(names: readonly string[]): CriterionId[] {
  return names.map((name) => {
    const id = criterionIds.find((known) => known === name);
    if (id === undefined)
      throw new UsageError(`There is no criterion "${name}". There are ${criterionIds.join(', ')}.`);
    return id;
  });
}

/** The required criteria that are not among `ids`; `required` empty requires all. */
export function requiredBesides(ids: readonly CriterionId[], required: readonly string[]): CriterionId[] {
  return criterionIds.filter((id) => !ids.includes(id) && (required.length === 0 || required.includes(id)));
}

/** Measures and judges each criterion; a target in the configuration overrides the default. */
export function judgeAll(options: {
  readonly ids: readonly CriterionId[];
  readonly evidence: Evidence;
  readonly targets: Readonly<Record<string, number>>;
  /** Ids that the gate requires; empty requires all. */
  readonly required: readonly string[];
}): CriterionResult[] {
  return options.ids.map((id) => {
    const target = options.targets[id] ?? criteria[id].target;
    const criterion = { ...criteria[id], target };
    return judgeCriterion({
      criterion,
      measurement: criterion.measure(options.evidence),
      target,
      required: options.required.length === 0 || options.required.includes(id),
    });
  });
}
