import { count } from '../../../base/plural.ts';
import type { ConfusionMatrix } from '../../metrics/confusion-matrix.ts';
import { type Html, html, px } from '../html.ts';

/** Width for the longest name, in the normal and in the small font. */
const LABEL_WIDTH = { normal: 210, small: 172 } as const;
const SMALL_PRINT = 10;
/** With more labels, the counts no longer fit into their cells. */
const MAX_LABELS_WITH_COUNTS = 45;

/** Right intents as rows, answers as columns. Mistakes show their count; thicker lines separate the parent intents. */
export function confusionMatrixPlot({ labels, counts }: ConfusionMatrix): Html {
  // Cells are wide for few intents; with 77 intents they are still as high as a line of text.
  const cell = Math.max(11, Math.min(30, 640 / Math.max(1, labels.length)));
  const font = Math.max(8.5, Math.min(12, cell - 2.5));
  const margin = font < SMALL_PRINT ? LABEL_WIDTH.small : LABEL_WIDTH.normal;
  const size = cell * labels.length;
  const width = margin + size + 6;
  const height = margin + size + 6;
  const rowTotals = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const at = (i: number) => margin + i * cell;
  const borders = labels.flatMap((label, i) => (i > 0 && parentOf(label) !== parentOf(labels[i - 1]!) ? [i] : []));
  const cells = counts.flatMap((row, i) =>
    row.flatMap((count, j) => {
      if (count === 0) return [];
      const share = count / Math.max(1, rowTotals[i]!);
      const title = `${labels[i]} answered as ${labels[j]}: ${count} of ${rowTotals[i]}`;
      const number =
        labels.length <= MAX_LABELS_WITH_COUNTS
          ? html`<text class="cell-count" x="${px(at(j) + cell / 2)}" y="${px(at(i) + cell / 2 + font * 0.32)}">${count}</text>`
          : null;
      return [
        html`<g><title>${title}</title><rect class="${i === j ? 'hit' : 'miss'}" x="${px(at(j) + 0.5)}" y="${px(at(i) + 0.5)}" width="${px(cell - 1)}" height="${px(cell - 1)}" fill-opacity="${(0.3 + 0.7 * share).toFixed(2)}"/>${number}</g>`,
      ];
    }),
  );
  return html`
<div class="scroll" tabindex="0" role="group" aria-label="Confusion matrix">
<svg class="matrix" style="width:${px(width)}px;font-size:${px(font)}px" viewBox="0 0 ${px(width)} ${px(height)}" role="img" aria-label="Confusion matrix of ${count(labels.length, 'intent')}">
  <rect class="field" x="${margin}" y="${margin}" width="${px(size)}" height="${px(size)}"/>
  ${labels.map((label, i) => html`<text class="name" x="${margin - 6}" y="${px(at(i) + cell / 2 + font * 0.35)}" text-anchor="end">${shortName(label)}</text><text class="name" transform="translate(${px(at(i) + cell / 2 + font * 0.35)} ${margin - 6}) rotate(-90)">${shortName(label)}</text>`)}
  ${borders.map((i) => html`<line class="border" x1="${px(at(i))}" x2="${px(at(i))}" y1="${margin - 40}" y2="${px(at(labels.length))}"/><line class="border" y1="${px(at(i))}" y2="${px(at(i))}" x1="${margin - 40}" x2="${px(at(labels.length))}"/>`)}
  ${cells}
  <text class="axis-title" x="${margin - 6}" y="${margin - 8}" text-anchor="end">right ↓ answered →</text>
</svg>
</div>`;
}

const MAX_NAME = 31;
const parentOf = (intent: string): string => intent.slice(0, Math.max(0, intent.indexOf('/')));

/** The last part of the path: the order and the lines already show the parent. */
function shortName(intent: string): string {
  const name = intent.slice(intent.lastIndexOf('/') + 1);
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME - 1)}…`;
}
