import { z } from 'zod';
import { ADAPTATION_SIZES } from '../criteria/adaptation.ts';
import type { Evidence } from '../criteria/evidence.ts';
import { byLanguage } from '../criteria/multilingual.ts';
import { reliabilityBins } from '../metrics/calibration-error.ts';
import { precisionCoverage } from '../metrics/selective.ts';
import { wilsonInterval } from '../metrics/wilson-interval.ts';
import { summariseJudgements } from '../rate/judgements.ts';
import type { CriterionResult } from '../score/evaluation-result.ts';
import { usd } from '../score/format-figures.ts';
import { countCorrect, type InScope, isInScope, timesOf } from '../score/scored-ticket.ts';
import { selective, sureAnswer } from '../score/summarise.ts';
import { type Html, html } from './html.ts';
import { type CostPoint, costAccuracyPlot } from './plots/cost-accuracy-plot.ts';
import { curvePlot } from './plots/curve-plot.ts';
import { type IntervalRow, intervalRows } from './plots/interval-rows.ts';
import { precisionCoveragePlot } from './plots/precision-coverage-plot.ts';
import { reliabilityDiagram } from './plots/reliability-diagram.ts';
import { timeHistogram } from './plots/time-histogram.ts';

/** With more groups than this, a plot is hard to read; only the worst are shown. */
const MAX_ROWS = 24;

/** The plots of one criterion; empty when there is nothing to show. */
export function criterionPlots(options: {
  readonly result: CriterionResult;
  readonly evidence: Evidence;
  readonly costs: readonly CostPoint[];
}): Html[] {
  const { result, evidence } = options;
  const inScope = evidence.main.filter(isInScope);
  switch (result.id) {
    case 'routing-accuracy':
      return byGroup(
        inScope,
        ({ ticket }) => [ticket.intent.split('/')[0]!],
        'Accuracy by group of intents',
        result.target,
      );
    case 'explainability':
      return judgeTable(evidence);
    case 'multilingual':
      return languages(inScope);
    case 'edge-cases':
      return edgeSlices(result);
    case 'bias':
      return groupsOfBias(result);
    case 'calibration':
      return inScope.length === 0
        ? []
        : [
            figure(
              reliabilityDiagram(reliabilityBins(inScope.map(sureAnswer))),
              'Bars: how often answers of this confidence are right; stronger colour means more answers. Red: the gap to perfect calibration (dashed).',
            ),
          ];
    case 'abstention':
      return inScope.length === 0 ? [] : [coverage(inScope, result.target)];
    case 'adaptation':
      return learningCurve(evidence, result.target);
    case 'prompt-efficiency':
      return contextCurve(evidence, result.target);
    case 'cost':
      return options.costs.length === 0
        ? []
        : [
            figure(
              costAccuracyPlot({ points: options.costs, currentCostUsd: evidence.currentCostUsd }),
              options.costs.length > 1
                ? 'Lighter dots: earlier runs on the same tickets.'
                : 'Further runs on the same tickets appear here.',
            ),
          ];
    case 'response-time': {
      const times = timesOf(evidence.main);
      return times.length === 0 ? [] : [figure(timeHistogram(times), 'The last bar also holds all slower answers.')];
    }
    default:
      return [];
  }
}

const figure = (plot: Html, caption: string): Html => html`<figure>${plot}<figcaption>${caption}</figcaption></figure>`;

function byGroup(
  inScope: readonly InScope[],
  groupsOf: (scored: InScope) => readonly string[],
  caption: string,
  target: number | null,
): Html[] {
  const groups = new Map<string, InScope[]>();
  for (const scored of inScope) {
    for (const group of groupsOf(scored)) groups.set(group, [...(groups.get(group) ?? []), scored]);
  }
  const rows = [...groups]
    .map(([name, tickets]) => rowOf(name, tickets, target))
    .sort((a, b) => a.value - b.value || b.n - a.n);
  if (rows.length < 2 && target !== null) return [];
  if (rows.length === 0) return [];
  const more = rows.length > MAX_ROWS ? ` The ${MAX_ROWS} lowest of ${rows.length}.` : '';
  return [
    figure(
      intervalRows({ rows: rows.slice(0, MAX_ROWS), target, label: caption }),
      `${caption}, with 95 % intervals.${more}`,
    ),
  ];
}

/** Ratings by judge models, marked as such. */
function judgeTable({ judgements, ratings }: Evidence): Html[] {
  const judges = summariseJudgements({ judgements, ratings });
  if (judges.length === 0) return [];
  const shares = judges.map(({ model, prompt, costUsd, ...judge }) => {
    const own = judgements.filter((one) => one.model === model && one.prompt === prompt);
    const counts = [1, 2, 3, 4, 5].map((rating) => own.filter((one) => one.rating === rating).length);
    return html`<tr><td>${model} <span class="badge open">judge, extra</span></td>${counts.map((n) => html`<td class="number">${n}</td>`)}<td class="number">${judge.mean.toFixed(2)}</td><td class="number">${usd(costUsd)}</td></tr>`;
  });
  return [
    html`<figure><div class="scroll" tabindex="0" role="group" aria-label="Ratings by judge models"><table><thead><tr><th>Rated by a model</th>${[1, 2, 3, 4, 5].map((n) => html`<th class="number">${String(n)}</th>`)}<th class="number">Mean</th><th class="number">Cost</th></tr></thead><tbody>${shares}</tbody></table></div><figcaption>An addition to people's ratings: it does not decide whether the criterion is passed.</figcaption></figure>`,
  ];
}

const slicesSchema = z.object({
  slices: z.array(z.object({ slice: z.string(), n: z.number(), value: z.number(), low: z.number(), high: z.number() })),
});

function edgeSlices({ details, target }: CriterionResult): Html[] {
  const found = slicesSchema.safeParse(details);
  if (!found.success) return [];
  const rows = found.data.slices
    .map(({ slice, ...row }) => ({ ...row, name: slice, isMarked: row.value < target }))
    .sort((a, b) => a.value - b.value);
  const label = 'Accuracy by slice; an out-of-scope ticket counts as right when it is turned away';
  return [figure(intervalRows({ rows, target, label }), `${label}. 95 % intervals.`)];
}

const groupsSchema = z.object({
  groups: z.array(
    z.object({
      group: z.string(),
      n: z.number(),
      accuracy: z.number(),
      reference: z.number(),
      adjustedPValue: z.number(),
    }),
  ),
});

function groupsOfBias({ details }: CriterionResult): Html[] {
  const found = groupsSchema.safeParse(details);
  if (!found.success) return [];
  const rows = found.data.groups.map(({ group, n, accuracy, reference, adjustedPValue }) => {
    const interval = wilsonInterval({ successes: Math.round(accuracy * n), count: n }) ?? { low: 0, high: 1 };
    const { low, high } = interval;
    return { name: group, n, value: accuracy, low, high, reference, isMarked: adjustedPValue < 0.05 };
  });
  const caption =
    'Accuracy by group (dot, with its 95 % interval) and of the tickets it is compared with (ring). Red: the gap is larger than chance.';
  return [figure(intervalRows({ rows, target: null, label: 'Accuracy by group' }), caption)];
}

function rowOf(name: string, tickets: readonly InScope[], target: number | null): IntervalRow {
  const interval = wilsonInterval({ successes: countCorrect(tickets), count: tickets.length })!;
  return { name, ...interval, n: tickets.length, isMarked: target !== null && interval.value < target };
}

function languages(inScope: readonly InScope[]): Html[] {
  const groups = [...byLanguage(inScope)].sort((a, b) => b[1].length - a[1].length);
  if (groups.length < 2) return [];
  const rows = groups.map(([language, tickets]) => rowOf(language, tickets, null));
  return [
    figure(
      intervalRows({ rows, target: null, label: 'Accuracy by language' }),
      'Accuracy by language, with 95 % intervals; the one with most tickets first.',
    ),
  ];
}

function coverage(inScope: readonly InScope[], target: number): Html {
  const live = selective(inScope);
  const plot = precisionCoveragePlot({
    curve: precisionCoverage(inScope.map(sureAnswer)),
    target,
    live: live.precision === null ? null : { coverage: live.coverage, precision: live.precision },
  });
  return figure(
    plot,
    'How precise the engine is when it answers only the tickets it is most sure of. Large dot: with the current thresholds. Dashed: the target.',
  );
}

function learningCurve({ adaptation }: Evidence, target: number): Html[] {
  if ('why' in adaptation) return [];
  const points = adaptation.steps.flatMap(({ tickets, scored }) => {
    const inScope = scored.filter(isInScope);
    const interval = wilsonInterval({ successes: countCorrect(inScope), count: inScope.length });
    return interval === null ? [] : [{ name: String(tickets), ...interval, n: inScope.length }];
  });
  const caption = `Accuracy on withheld intents after learning from this many tickets of each (${ADAPTATION_SIZES.join(', ')}, as far as there are enough).`;
  return points.length === 0
    ? []
    : [figure(curvePlot({ points, title: 'Tickets learned from', target, label: 'Learning curve' }), caption)];
}

function contextCurve({ openings }: Evidence, target: number): Html[] {
  const points = openings.flatMap(({ sentences, scored }) => {
    const inScope = scored.filter(isInScope);
    const interval = wilsonInterval({ successes: countCorrect(inScope), count: inScope.length });
    return interval === null
      ? []
      : [{ name: sentences === null ? 'all' : String(sentences), ...interval, n: inScope.length }];
  });
  return points.length === 0
    ? []
    : [
        figure(
          curvePlot({ points, title: 'Sentences after the subject', target, label: 'Accuracy by context' }),
          'Accuracy when the ticket is cut after this many sentences.',
        ),
      ];
}
