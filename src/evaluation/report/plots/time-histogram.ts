import { percentile } from '../../metrics/percentile.ts';
import { duration } from '../../score/format-figures.ts';
import { type Html, html, px } from '../html.ts';
import { createFrame, niceAxis } from './frame.ts';

const BARS = 30;

/** How long answers took. The last bar also holds all answers slower than the 99th percentile. */
export function timeHistogram(timesMs: readonly number[]): Html {
  const largest = Math.max(percentile(timesMs, 0.99) ?? 1, 0.1);
  const x = niceAxis('Time to an answer', largest, duration);
  const width = x.high / BARS;
  const counts = Array.from({ length: BARS }, () => 0);
  for (const time of timesMs) counts[Math.min(BARS - 1, Math.floor(time / width))]! += 1;
  const frame = createFrame({
    x,
    y: niceAxis('Tickets', Math.max(...counts), (value) => String(Math.round(value))),
    label: 'Time to an answer',
    height: 240,
  });
  const bars = counts.map((count, i) => {
    const title = `${duration(i * width)}–${i === BARS - 1 ? 'and more' : duration((i + 1) * width)}: ${count}`;
    return html`<rect class="bar" x="${px(frame.x(i * width) + 1)}" width="${px(Math.max(1, frame.x(width) - frame.x(0) - 2))}" y="${px(frame.y(count))}" height="${px(frame.y(0) - frame.y(count))}"><title>${title}</title></rect>`;
  });
  const p95 = percentile(timesMs, 0.95);
  const mark =
    p95 === null
      ? html``
      : html`<g><line class="target" x1="${px(frame.x(p95))}" x2="${px(frame.x(p95))}" y1="12" y2="${px(frame.y(0))}"/><text class="value" x="${px(frame.x(p95) - 6)}" y="22" text-anchor="end">95 %: ${duration(p95)}</text></g>`;
  return frame.draw([...bars, mark]);
}
