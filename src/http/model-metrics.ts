import type { App } from '../app.ts';
import type { Metric } from './prometheus.ts';

type ModelStatus = Awaited<ReturnType<App['modelStatus']>>;

/** How the models are, for alerts: Claude being down costs no ticket, and shows here and in `/readyz`. */
export function describeModels({ models, calls, spentTodayUsd, budgetUsd }: ModelStatus): Metric[] {
  return [
    {
      name: 'switchboard_model_available',
      help: '0 while a model is left alone after failures.',
      type: 'gauge',
      samples: models.map(({ model, available }) => ({ labels: { model }, value: Number(available) })),
    },
    {
      name: 'switchboard_model_calls_total',
      help: 'Attempts to ask a model since this process started, by what came of them.',
      type: 'counter',
      samples: calls.map(({ model, outcome, count }) => ({ labels: { model, outcome }, value: count })),
    },
    {
      name: 'switchboard_spend_usd_today',
      help: 'Spent on models since midnight UTC.',
      type: 'gauge',
      samples: spentTodayUsd === null ? [] : [{ value: spentTodayUsd }],
    },
    {
      name: 'switchboard_budget_usd',
      help: 'The daily budget for models; missing where there is none.',
      type: 'gauge',
      samples: budgetUsd === null ? [] : [{ value: budgetUsd }],
    },
  ];
}
