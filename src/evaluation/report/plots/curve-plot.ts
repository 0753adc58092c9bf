import { type Html, html, px } from '../html.ts';
import { type Axis, createFrame, pathThrough, shareAxis } from './frame.ts';

export type CurvePoint = {
  /** Label under the point, on the horizontal axis. */
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
};

/** Accuracy with its intervals over named steps at equal distances: a learning curve, or growing context. */
export function curvePlot(options: {
  readonly points: readonly CurvePoint[];
  readonly title: string;
  readonly target: number;
  readonly label: string;
}): Html {
  const { points, target } = options;
  const x: Axis = {
    title: options.title,
    low: -0.3,
    high: Math.max(1, points.length - 1) + 0.3,
    ticks: points.map((_, i) => i),
    format: (i) => points[i]?.name ?? '',
  };
  const frame = createFrame({
    x,
    y: shareAxis('Accuracy', [...points.map(({ low }) => low), target]),
    label: options.label,
  });
  const marks = points.map(
    ({ name, value, low, high, n }, i) => html`<g><title>${name}: ${Math.round(value * 1000) / 10} % of ${n}</title>
<line class="whisker" x1="${px(frame.x(i))}" x2="${px(frame.x(i))}" y1="${px(frame.y(low))}" y2="${px(frame.y(high))}"/>
<circle class="dot" cx="${px(frame.x(i))}" cy="${px(frame.y(value))}" r="4.5"/>
<text class="value" x="${px(frame.x(i) + 8)}" y="${px(frame.y(value) - 7)}">${Math.round(value * 100)}</text></g>`,
  );
  return frame.draw([
    html`<line class="target" x1="${px(frame.x(x.low))}" x2="${px(frame.x(x.high))}" y1="${px(frame.y(target))}" y2="${px(frame.y(target))}"><title>target</title></line>`,
    html`<path class="line" d="${pathThrough(points.map(({ value }, i) => [frame.x(i), frame.y(value)]))}"/>`,
    ...marks,
  ]);
}
