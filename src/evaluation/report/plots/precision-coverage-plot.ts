import type { CoveragePoint } from '../../metrics/selective.ts';
import { type Html, html, px } from '../html.ts';
import { createFrame, pathThrough, shareAxis } from './frame.ts';

/** More points than this cannot be seen as separate points. */
const MAX_POINTS = 400;

/** Precision by coverage: how precise the engine is when it answers only the tickets with the highest confidence. */
export function precisionCoveragePlot(options: {
  readonly curve: readonly CoveragePoint[];
  readonly target: number;
  /** Coverage and precision with the current threshold. */
  readonly live: { readonly coverage: number; readonly precision: number } | null;
}): Html {
  const { curve, target, live } = options;
  // With only a few tickets, precision jumps between 0 and 100 %; those points must not set the scale.
  const settled = curve.filter(({ coverage }) => coverage >= 0.05).map(({ precision }) => precision);
  const frame = createFrame({
    x: shareAxis('Coverage: share of tickets answered'),
    y: shareAxis('Precision of those', [...settled, target]),
    label: 'Precision by coverage',
  });
  const step = Math.max(1, Math.ceil(curve.length / MAX_POINTS));
  const shown = curve.filter((_, i) => i % step === 0 || i === curve.length - 1);
  const line = pathThrough(shown.map(({ coverage, precision }) => [frame.x(coverage), frame.y(precision)]));
  return frame.draw([
    html`<line class="target" x1="${px(frame.x(0))}" x2="${px(frame.x(1))}" y1="${px(frame.y(target))}" y2="${px(frame.y(target))}"><title>target precision</title></line>`,
    html`<path class="line" d="${line}"/>`,
    live === null
      ? html``
      : html`<g><title>as set: ${Math.round(live.coverage * 100)} % answered, ${Math.round(live.precision * 100)} % right</title><circle class="dot big" cx="${px(frame.x(live.coverage))}" cy="${px(frame.y(live.precision))}" r="6"/></g>`,
  ]);
}
