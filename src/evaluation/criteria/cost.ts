import { type Saying, say } from '../../base/say.ts';
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
    if (costs.length === 0) {
      return { measured: false, n: 0, why: say('criterion.no-answers', 'No ticket was answered.') };
    }
    const perTicketUsd = mean(costs);
    if (currentCostUsd === null) {
      const why = say(
        'criterion.cost-today-unknown',
        `A classification costs ${usd(perTicketUsd)}. What it costs today is not known: set evaluation.currentMethod.costUsdPerTicket.`,
        { cost: perTicketUsd },
      );
      return { measured: false, n: costs.length, why, details: { perTicketUsd, currentCostUsd } };
    }
    const saving = (values: readonly number[]) => 1 - mean(values) / currentCostUsd;
    const interval = bootstrapInterval({ units: costs, statistic: saving, seed, resamples: 500 })!;
    return {
      measured: true,
      ...interval,
      n: costs.length,
      why: costsMoreOrLess({ cost: perTicketUsd, today: currentCostUsd, saving: interval.value }),
      details: { perTicketUsd, currentCostUsd },
    };
  },
};

function costsMoreOrLess({ cost, today, saving }: { cost: number; today: number; saving: number }): Saying {
  const costs = `A classification costs ${usd(cost)}, the current method ${usd(today)}`;
  const upkeep = 'Machines and their upkeep are not part of it.';
  return saving >= 0
    ? say('criterion.costs-less', `${costs}: ${percent(saving)} less. ${upkeep}`, { cost, today, share: saving })
    : say('criterion.costs-more', `${costs}: ${percent(-saving)} more. ${upkeep}`, { cost, today, share: -saving });
}
