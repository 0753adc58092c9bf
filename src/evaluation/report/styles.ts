/** The page's style sheet. Colours are variables, so that plots adapt to light, dark and print. */
export const styles = `
:root {
  color-scheme: light dark;
  --paper: #fcfcfa; --card: #ffffff; --ink: #1b1f24; --quiet: #5d6670; --line: #dfe2e6;
  --accent: #1f5fbf; --good: #19713c; --good-soft: #e3f3e8; --bad: #b3261e; --bad-soft: #fbe9e7;
  --open: #7a5a00; --open-soft: #fbf1d5; --target: #8a5a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --card: #1b1f24; --ink: #e6e8ea; --quiet: #9aa4ae; --line: #343a41;
    --accent: #7db0ff; --good: #6fcf8e; --good-soft: #17301f; --bad: #ff8f85; --bad-soft: #3a1d1b;
    --open: #e5c062; --open-soft: #332a12; --target: #e0a94a;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 80px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; }
h2 { font-size: 20px; margin: 48px 0 12px; padding-top: 8px; }
h3 { font-size: 17px; margin: 0; }
p { margin: 8px 0; max-width: 75ch; }
a { color: var(--accent); }
.quiet { color: var(--quiet); font-weight: 400; }
.verdict { border-radius: 10px; padding: 18px 22px; margin: 22px 0; border-left: 6px solid; }
.verdict.good { background: var(--good-soft); border-color: var(--good); }
.verdict.bad { background: var(--bad-soft); border-color: var(--bad); }
.verdict.open { background: var(--open-soft); border-color: var(--open); }
.verdict strong { font-size: 20px; display: block; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: 12px; margin: 18px 0; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 16px; }
.tile b { display: block; font-size: 24px; line-height: 1.25; font-variant-numeric: tabular-nums; }
.tile span { font-size: 13px; color: var(--quiet); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 7px 12px 7px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-size: 13px; color: var(--quiet); font-weight: 600; }
td.number, th.number { text-align: right; white-space: nowrap; }
.scroll { overflow-x: auto; max-width: 100%; }
.scroll:focus-visible { outline: 2px solid var(--accent); }
.badge { display: inline-block; border-radius: 20px; padding: 1px 11px; font-size: 13px; font-weight: 600; white-space: nowrap; }
.badge.good { background: var(--good-soft); color: var(--good); }
.badge.bad { background: var(--bad-soft); color: var(--bad); }
.badge.open { background: var(--open-soft); color: var(--open); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 18px 22px; margin: 16px 0; break-inside: avoid; }
.card header { display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: baseline; }
.card .figure { font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; }
.body { display: flex; flex-wrap: wrap; gap: 10px 32px; }
.body > p { flex: 1 1 280px; }
.plots { flex: 2 1 400px; min-width: 0; }
.plots > figure { max-width: 600px; margin: 8px 0 0; }
figcaption { font-size: 13px; color: var(--quiet); }
svg { display: block; max-width: 100%; height: auto; }
svg.matrix { max-width: none; }
svg text { fill: var(--ink); font: 12px system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
svg.matrix text { font-size: inherit; }
svg .tick, svg .axis-title { fill: var(--quiet); font-size: 12px; }
svg .value { font-weight: 600; }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .axis, svg .border { stroke: var(--quiet); stroke-width: 1; }
svg .border { stroke-opacity: .55; }
svg .line { fill: none; stroke: var(--accent); stroke-width: 2.2; }
svg .reference { stroke: var(--quiet); stroke-dasharray: 4 4; }
svg .target { stroke: var(--target); stroke-width: 1.6; stroke-dasharray: 7 4; }
svg .bar { fill: var(--accent); }
svg .gap { stroke: var(--bad); stroke-width: 2; }
svg .dot { fill: var(--accent); stroke: var(--card); stroke-width: 1.5; }
svg .whisker { stroke: var(--accent); stroke-width: 1.6; stroke-opacity: .6; }
svg .whisker.thick { stroke-width: 6; stroke-opacity: .28; stroke-linecap: round; }
svg .ring { fill: none; stroke: var(--ink); stroke-width: 1.6; }
svg .marked .dot { fill: var(--bad); }
svg .marked .whisker { stroke: var(--bad); }
svg .faint { opacity: .5; }
svg .field { fill: none; stroke: var(--line); }
svg .hit { fill: var(--accent); }
svg .miss { fill: var(--bad); }
svg .cell-count { text-anchor: middle; font-weight: 600; paint-order: stroke; stroke: var(--card); stroke-width: 2px; stroke-opacity: .7; }
table.facts td { overflow-wrap: anywhere; }
details { border-bottom: 1px solid var(--line); padding: 6px 0; }
summary { cursor: pointer; padding: 4px 0; }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.failure dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 8px 0 12px; }
.failure dt { color: var(--quiet); font-size: 14px; }
.failure dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
.ticket { white-space: pre-wrap; border-left: 3px solid var(--line); padding-left: 12px; }
code { font: 14px ui-monospace, SFMono-Regular, Menlo, monospace; overflow-wrap: anywhere; }
@media (max-width: 560px) {
  main { padding: 20px 14px 60px; }
  .card { padding: 14px; }
  .failure dl { grid-template-columns: 1fr; gap: 0; }
  .failure dd { margin-bottom: 8px; }
  table.criteria .optional { display: none; }
  .plots { flex-basis: 100%; }
  .plots figure { overflow-x: auto; }
  /* Scaled down to the width of a phone, the text would be too small to read. */
  .plots svg { min-width: 480px; }
}
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --card: #fff; --ink: #000; --quiet: #444; --line: #bbb;
    --accent: #1f5fbf; --good: #19713c; --good-soft: #fff; --bad: #b3261e; --bad-soft: #fff;
    --open: #6a4e00; --open-soft: #fff; --target: #8a5a00;
  }
  body { font-size: 11pt; }
  main { max-width: none; padding: 0; }
  .tile, .card, .verdict { border-color: #999; }
  .bar, .hit, .miss, .badge { print-color-adjust: exact; }
  svg.matrix { max-width: 100%; }
  .scroll { overflow: visible; }
  h2 { break-after: avoid; }
  /* Details that are folded on the screen are printed open. */
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
