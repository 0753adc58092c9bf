import { duration, percentWithInterval, points, usd } from '../score/format-figures.ts';
import type { Colors } from '../score/format-summary.ts';
import type { ChangedTicket, Comparison, RunFigures } from './compare-runs.ts';

const CHANGED_SHOWN = 15;

/** Formats a comparison for a terminal. */
export function formatComparison(comparison: Comparison, colors: Colors): string {
  const { first, second, difference, mcNemar, differences } = comparison;
  const rows: readonly (readonly [string, (run: RunFigures) => string])[] = [
    ['Run', ({ run }) => run],
    ['Engine', ({ engine }) => engine],
    ['Accuracy', ({ accuracy }) => (accuracy === null ? '–' : percentWithInterval(accuracy))],
    ['Cost a ticket', ({ perTicketUsd }) => usd(perTicketUsd)],
    ['Time, median', ({ p50Ms }) => (p50Ms === null ? '–' : duration(p50Ms))],
    ['Time, 95 %', ({ p95Ms }) => (p95Ms === null ? '–' : duration(p95Ms))],
  ];
  const width = Math.max(...rows.map(([, of]) => of(first).length)) + 3;
  const table = rows.map(([name, of]) => `${colors.dim(name.padEnd(16))}${of(first).padEnd(width)}${of(second)}`);
  const paired =
    difference === null
      ? []
      : [
          `${colors.dim('Difference'.padEnd(16))}${points(difference.value)} (${points(difference.low)} to ${points(difference.high)}, 95 % interval, bootstrap); p = ${mcNemar.pValue.toFixed(4)} (McNemar, ${mcNemar.method})`,
        ];
  const also = differences.length === 0 ? [] : [`${colors.dim('Also different'.padEnd(16))}${differences.join(', ')}`];
  const parts = [
    [...table, ...paired, ...also].join('\n'),
    colors.bold(comparison.why),
    changedList('Became right', comparison.fixed, colors),
    changedList('Became wrong', comparison.broken, colors),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function changedList(title: string, tickets: readonly ChangedTicket[], { bold, dim }: Colors): string {
  if (tickets.length === 0) return '';
  const rows = tickets
    .slice(0, CHANGED_SHOWN)
    .map(
      ({ id, expected, first, second }) =>
        `  ${id}: ${first ?? 'nothing'} ${dim('→')} ${second ?? 'nothing'} ${dim(`(right: ${expected})`)}`,
    );
  const more = tickets.length - rows.length;
  return [
    bold(`${title} (${tickets.length})`),
    ...rows,
    ...(more > 0 ? [dim(`  and ${more} more, see --json`)] : []),
  ].join('\n');
}
