import { type Html, html, px } from '../html.ts';

export type IntervalRow = {
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
  /** The value that it is compared with, drawn as a ring. */
  readonly reference?: number;
  /** Draws the row so that it stands out. */
  readonly isMarked?: boolean;
};

const ROW = 26;
const NAME_WIDTH = 190;
const WIDTH = 560;
const RIGHT = 92;

/** One row per group: accuracy as a dot, its interval as a bar, the target as a line through all rows. */
export function intervalRows(options: {
  readonly rows: readonly IntervalRow[];
  readonly target: number | null;
  readonly label: string;
}): Html {
  const { rows, target } = options;
  const height = rows.length * ROW + 30;
  const bottom = rows.length * ROW + 6;
  const x = (share: number) => NAME_WIDTH + share * (WIDTH - NAME_WIDTH - RIGHT);
  return html`
<svg class="plot" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${options.label}">
  ${[0, 0.25, 0.5, 0.75, 1].map((tick) => html`<line class="grid" x1="${px(x(tick))}" x2="${px(x(tick))}" y1="0" y2="${bottom}"/><text class="tick" x="${px(x(tick))}" y="${bottom + 16}" text-anchor="middle">${tick * 100} %</text>`)}
  ${target === null ? null : html`<line class="target" x1="${px(x(target))}" x2="${px(x(target))}" y1="0" y2="${bottom}"><title>target</title></line>`}
  ${rows.map((row, i) => {
    const y = i * ROW + ROW / 2 + 3;
    return html`<g class="${row.isMarked ? 'marked' : ''}"><title>${row.name}: ${Math.round(row.value * 1000) / 10} % (${Math.round(row.low * 100)}–${Math.round(row.high * 100)}) of ${row.n}</title>
<text class="name" x="${NAME_WIDTH - 10}" y="${px(y + 4)}" text-anchor="end">${shorten(row.name)}</text>
<line class="whisker thick" x1="${px(x(row.low))}" x2="${px(x(row.high))}" y1="${px(y)}" y2="${px(y)}"/>
${row.reference === undefined ? null : html`<circle class="ring" cx="${px(x(row.reference))}" cy="${px(y)}" r="5"/>`}
<circle class="dot" cx="${px(x(row.value))}" cy="${px(y)}" r="4.5"/>
<text class="tick" x="${WIDTH - RIGHT + 12}" y="${px(y + 4)}">${Math.round(row.value * 100)} % of ${row.n}</text></g>`;
  })}
</svg>`;
}

const MAX_NAME = 26;
const shorten = (name: string): string => (name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME - 1)}…`);
