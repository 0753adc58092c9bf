import { type Html, html, px } from '../html.ts';

/** A rectangle with two axes, and functions that place values in it. */
export type Frame = {
  readonly width: number;
  readonly height: number;
  x(value: number): number;
  y(value: number): number;
  /** Draws axes, grid and titles around the content. */
  draw(content: readonly Html[]): Html;
};

export type Axis = {
  readonly title: string;
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
};

const MARGIN = { top: 12, right: 26, bottom: 46, left: 70 } as const;

/** Creates a plot with two axes that scales with the page. `label` describes the plot for screen readers. */
export function createFrame(options: {
  readonly x: Axis;
  readonly y: Axis;
  readonly label: string;
  readonly width?: number;
  readonly height?: number;
}): Frame {
  const { x: xAxis, y: yAxis, width = 520, height = 320 } = options;
  const left = MARGIN.left;
  const bottom = height - MARGIN.bottom;
  const innerWidth = width - MARGIN.left - MARGIN.right;
  const innerHeight = bottom - MARGIN.top;
  const x = (value: number) => left + share(xAxis, value) * innerWidth;
  const y = (value: number) => bottom - share(yAxis, value) * innerHeight;
  const draw = (content: readonly Html[]): Html => html`
<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${options.label}">
  ${yAxis.ticks.map((tick) => html`<line class="grid" x1="${left}" x2="${width - MARGIN.right}" y1="${px(y(tick))}" y2="${px(y(tick))}"/><text class="tick" x="${left - 8}" y="${px(y(tick) + 4)}" text-anchor="end">${yAxis.format(tick)}</text>`)}
  ${xAxis.ticks.map((tick) => html`<line class="grid" y1="${MARGIN.top}" y2="${bottom}" x1="${px(x(tick))}" x2="${px(x(tick))}"/><text class="tick" x="${px(x(tick))}" y="${bottom + 17}" text-anchor="middle">${xAxis.format(tick)}</text>`)}
  <line class="axis" x1="${left}" x2="${width - MARGIN.right}" y1="${bottom}" y2="${bottom}"/>
  ${content}
  <text class="axis-title" x="${px(left + innerWidth / 2)}" y="${height - 8}" text-anchor="middle">${xAxis.title}</text>
  <text class="axis-title" x="14" y="${px(MARGIN.top + innerHeight / 2)}" text-anchor="middle" transform="rotate(-90 14 ${px(MARGIN.top + innerHeight / 2)})">${yAxis.title}</text>
</svg>`;
  return { width, height, x, y, draw };
}

const share = ({ low, high }: Axis, value: number): number =>
  high === low ? 0.5 : Math.min(1, Math.max(0, (value - low) / (high - low)));

const wholePercent = (value: number): string => `${Math.round(value * 100)} %`;

/** An axis of shares. It starts above 0 when all values are high, so that differences can be seen. */
export function shareAxis(title: string, values: readonly number[] = [0]): Axis {
  const lowest = Math.min(1, ...values);
  const low = lowest >= 0.8 ? 0.75 : lowest >= 0.55 ? 0.5 : 0;
  const step = low === 0.75 ? 0.05 : low === 0.5 ? 0.1 : 0.2;
  const count = Math.round((1 - low) / step);
  return {
    title,
    low,
    high: 1,
    ticks: Array.from({ length: count + 1 }, (_, i) => low + i * step),
    format: wholePercent,
  };
}

/** An axis with round steps from 0 to a little above the largest value. */
export function niceAxis(title: string, largest: number, format: (value: number) => string): Axis {
  const rough = (largest || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const count = Math.max(1, Math.ceil((largest || 1) / step));
  return { title, low: 0, high: count * step, ticks: Array.from({ length: count + 1 }, (_, i) => i * step), format };
}

/** A path through points. */
export const pathThrough = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${px(x)} ${px(y)}`).join('');
