// Draws the precision–coverage curves as a self-contained SVG: how many tickets can go live at which precision.

export type Curve = {
  readonly name: string;
  readonly points: readonly { readonly coverage: number; readonly precision: number }[];
};

const WIDTH = 640;
const HEIGHT = 400;
const MARGIN = { left: 56, right: 16, top: 16, bottom: 44 };
const COLOURS = ['#1f6feb', '#d1242f', '#1a7f37', '#9a6700', '#8250df', '#57606a'];
const LOWEST_PRECISION = 0.7;
/** Points closer than this many pixels to the last one are left out. */
const STEP_PIXELS = 1;

export function plotCurves(curves: readonly Curve[]): string {
  const parts = [axes(), ...curves.map((curve, i) => line(curve, i)), ...curves.map((curve, i) => legend(curve, i))];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    '<title>Precision and coverage of the embedded engine</title>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

const across = (coverage: number) => MARGIN.left + coverage * (WIDTH - MARGIN.left - MARGIN.right);
const down = (precision: number) => {
  const share = (1 - Math.max(LOWEST_PRECISION, precision)) / (1 - LOWEST_PRECISION);
  return MARGIN.top + share * (HEIGHT - MARGIN.top - MARGIN.bottom);
};

function axes(): string {
  const bottom = down(0);
  const marks: string[] = [];
  for (let percent = 0; percent <= 100; percent += 20) {
    const x = across(percent / 100);
    marks.push(`<line x1="${x}" y1="${MARGIN.top}" x2="${x}" y2="${bottom}" stroke="#eaeef2"/>`);
    marks.push(`<text x="${x}" y="${bottom + 16}" text-anchor="middle">${percent} %</text>`);
  }
  for (let percent = 100 * LOWEST_PRECISION; percent <= 100; percent += 5) {
    const y = down(percent / 100);
    const isTarget = percent === 95;
    marks.push(
      `<line x1="${MARGIN.left}" y1="${y}" x2="${across(1)}" y2="${y}" stroke="${isTarget ? '#8c959f' : '#eaeef2'}"/>`,
    );
    marks.push(`<text x="${MARGIN.left - 6}" y="${y + 4}" text-anchor="end">${percent} %</text>`);
  }
  const middle = across(0.5);
  marks.push(`<text x="${middle}" y="${HEIGHT - 8}" text-anchor="middle">coverage: tickets answered</text>`);
  marks.push(
    `<text transform="translate(12 ${HEIGHT / 2}) rotate(-90)" text-anchor="middle">precision among them</text>`,
  );
  return marks.join('\n');
}

function line({ points }: Curve, i: number): string {
  const path: string[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const { coverage, precision } of points) {
    const x = across(coverage);
    if (x - last < STEP_PIXELS && coverage < 1) continue;
    path.push(`${path.length === 0 ? 'M' : 'L'}${x.toFixed(1)} ${down(precision).toFixed(1)}`);
    last = x;
  }
  return `<path d="${path.join('')}" fill="none" stroke="${COLOURS[i % COLOURS.length]}" stroke-width="1.8"/>`;
}

function legend({ name }: Curve, i: number): string {
  const y = down(0) - 14 - 16 * i;
  const x = MARGIN.left + 12;
  const colour = COLOURS[i % COLOURS.length];
  return `<line x1="${x}" y1="${y - 4}" x2="${x + 18}" y2="${y - 4}" stroke="${colour}" stroke-width="3"/><text x="${x + 24}" y="${y}">${name}</text>`;
}
