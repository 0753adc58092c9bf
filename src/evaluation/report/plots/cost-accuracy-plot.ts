import { usd } from '../../score/format-figures.ts';
import { type Html, html, px } from '../html.ts';
import { createFrame, niceAxis, shareAxis } from './frame.ts';

export type CostPoint = {
  readonly name: string;
  readonly costUsd: number;
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
  readonly isThis: boolean;
};

/** Cost of a classification against accuracy: this run, and others on the same tickets. */
export function costAccuracyPlot(options: {
  readonly points: readonly CostPoint[];
  /** What a classification costs today; null when it is not known. */
  readonly currentCostUsd: number | null;
}): Html {
  const { points, currentCostUsd } = options;
  const largest = Math.max(...points.map(({ costUsd }) => costUsd), currentCostUsd ?? 0);
  const frame = createFrame({
    x: niceAxis('USD a classification', largest, usd),
    y: shareAxis(
      'Accuracy',
      points.map(({ low }) => low),
    ),
    label: 'Cost against accuracy',
  });
  // This run last, so that it lies on top.
  const ordered = points.toSorted((a, b) => Number(a.isThis) - Number(b.isThis));
  const today =
    currentCostUsd === null
      ? html``
      : html`<g><line class="target" x1="${px(frame.x(currentCostUsd))}" x2="${px(frame.x(currentCostUsd))}" y1="12" y2="274"/><text class="tick" x="${px(frame.x(currentCostUsd) - 6)}" y="24" text-anchor="end">cost today</text></g>`;
  return frame.draw([
    today,
    ...ordered.map(
      ({
        name,
        costUsd,
        accuracy,
        low,
        high,
        isThis,
      }) => html`<g class="${isThis ? '' : 'faint'}"><title>${name}: ${Math.round(accuracy * 1000) / 10} %, ${usd(costUsd)}</title>
<line class="whisker" x1="${px(frame.x(costUsd))}" x2="${px(frame.x(costUsd))}" y1="${px(frame.y(low))}" y2="${px(frame.y(high))}"/>
<circle class="dot big" cx="${px(frame.x(costUsd))}" cy="${px(frame.y(accuracy))}" r="${isThis ? 6 : 4}"/>
${isThis ? html`<text class="value" x="${px(frame.x(costUsd) + 10)}" y="${px(frame.y(accuracy) - 8)}">this run</text>` : null}</g>`,
    ),
  ]);
}
