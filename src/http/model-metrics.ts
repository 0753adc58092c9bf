import type { App } from '../app.ts';
import type { Metric } from './prometheus.ts';

type ModelStatus = Awaited<ReturnType<App['modelStatus']>>;

/** Availability, calls and spend of the models, for alerts: tickets are still decided while Claude is down. */
export function describeModels({ models, calls, spentTodayUsd, budgetUsd }: ModelStatus): Metric[] {
  return [
    {
      name: 'switchboard_model_available',
      help: '1 when the model is used, 0 while it is paused after failures.',
      type: 'gauge',
      samples: models.map(({ model, available }) => ({ labels: { model }, value: Number(available) })),
    },
    {
      name: 'switchboard_model_calls_total',
      help: 'Call attempts to a model since this process started, by outcome.',
      type: 'counter',
      samples: calls.map(({ model, outcome, count }) => ({ labels: { model, outcome }, value: count })),
    },
    {
      name: 'switchboard_spend_usd_today',
      help: 'US dollars spent on models since midnight UTC.',
      type: 'gauge',
      samples: spentTodayUsd === null ? [] : [{ value: spentTodayUsd }],
    },
    {
      name: 'switchboard_budget_usd',
      help: 'The daily budget for models in US dollars; missing when none is set.',
      type: 'gauge',
      samples: budgetUsd === null ? [] : [{ value: budgetUsd }],
    },
  ];
}
