import { bootstrapInterval } from '../metrics/bootstrap-interval.ts';
import { mean } from '../metrics/percentile.ts';
import { percent, usd } from '../score/format-figures.ts';
import type { Criterion } from './criterion.ts';

export const cost: Criterion = {
  id: 'cost',
  title: 'Cost',
  measures: 'Saving per classification against the current method',
  target: 0.5,
  better: 'higher',
  unit: 'share',
  measure({ main, currentCostUsd, seed }) {
    const costs = main.flatMap(({ classification }) => (classification === null ? [] : [classification.costUsd]));
    if (costs.length === 0) return { measured: false, n: 0, why: 'No ticket was answered.' };
    const perTicketUsd = mean(costs);
    if (currentCostUsd === null) {
      const why = `A classification costs ${usd(perTicketUsd)}. What it costs today is not known: set evaluation.currentMethod.costUsdPerTicket.`;
      return { measured: false, n: costs.length, why, details: { perTicketUsd, currentCostUsd } };
    }
    const saving = (values: readonly number[]) => 1 - mean(values) / currentCostUsd;
    const interval = bootstrapInterval({ units: costs, statistic: saving, seed, resamples: 500 })!;
    return {
      measured: true,
      ...interval,
      n: costs.length,
      why: `A classification costs ${usd(perTicketUsd)}, the current method ${usd(currentCostUsd)}: ${interval.value >= 0 ? `${percent(interval.value)} less` : `${percent(-interval.value)} more`}. Machines and their upkeep are not part of it.`,
      details: { perTicketUsd, currentCostUsd },
    };
  },
};
