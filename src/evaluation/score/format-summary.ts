import { count, list } from '../../base/plural.ts';
import { criteria } from '../criteria/all-criteria.ts';
import { type CriterionId, criterionIds } from '../criteria/criterion.ts';
import type { CalibratedOn, CriterionResult, EvaluationResult } from './evaluation-result.ts';
import { duration, percent, percentWithInterval, usd } from './format-figures.ts';

type Paint = (text: string) => string;
export type Colors = {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly green: Paint;
  readonly red: Paint;
  readonly yellow: Paint;
};

const FAILURES_SHOWN = 10;
const WORST_INTENTS_SHOWN = 5;
const LINE_WIDTH = 100;

/** Formats the result for a terminal. */
export function formatSummary(result: EvaluationResult, colors: Colors): string {
  const parts = [
    headline(result, colors),
    criteriaTable(result.criteria, colors),
    needs(result).join('\n'),
    worstIntents(result, colors),
    failures(result, colors),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function headline(result: EvaluationResult, { bold, dim }: Colors): string {
  const { outOfScope, latencyMs, cost, unanswered } = result;
  const missing = unanswered.timeout + unanswered.refused + unanswered.error;
  const rows: [string, string | null][] = [
    ['Run', `${result.run}, ${result.engine.why}`],
    [
      'Accuracy',
      result.accuracy === null
        ? 'no ticket in scope was answered'
        : `${bold(percentWithInterval(result.accuracy))}, ${result.correct} of ${count(result.count, 'ticket')} in scope`,
    ],
    ['Macro F1', percent(result.macroF1)],
    ['Would go live', describeLive(result)],
    [
      'Out of scope',
      outOfScope === null
        ? null
        : `${percent(outOfScope.rejected)} of ${outOfScope.count} turned away${describeCaution(result)}; AUROC ${outOfScope.auroc?.toFixed(3) ?? '–'}, ${outOfScope.recallAt95Acceptance === null ? '–' : percent(outOfScope.recallAt95Acceptance)} at 95 % acceptance`,
    ],
    ['Calibration', `error ${result.calibrationError.toFixed(3)} (15 bins)`],
    [
      'Time',
      latencyMs.p50 === null || latencyMs.p95 === null
        ? null
        : `${duration(latencyMs.p50)} at the median, ${duration(latencyMs.p95)} at 95 %`,
    ],
    ['Cost', `${usd(cost.perTicketUsd)} a ticket, ${usd(cost.spentUsd)} for this run`],
    ['Left out', result.leakage === 0 ? null : `${count(result.leakage, 'example')} also found in the data set`],
    ['Leakage', result.calibratedOn === null ? null : describeCalibratedOn(result.calibratedOn)],
    [
      'Unanswered',
      missing === 0
        ? null
        : `${missing} (${unanswered.timeout} too late, ${unanswered.refused} refused, ${count(unanswered.error, 'error')}); no figure includes them`,
    ],
  ];
  return rows.flatMap(([name, value]) => (value === null ? [] : [`${dim(name.padEnd(14))}${value}`])).join('\n');
}

/** An engine that answers hardly anything turns away what is out of scope as well. */
function describeCaution({ live }: EvaluationResult): string {
  return live === undefined ? '' : ` (of all tickets ${percent(1 - live.coverage)} were)`;
}

/** Of all tickets; results of older versions only have the figures of tickets in scope. */
function describeLive({ live, selective, outOfScope }: EvaluationResult): string {
  const { targetPrecision, low, high } = selective;
  const { coverage, precision } = live ?? selective;
  const ends = live?.intervals.precision ?? { low, high };
  const right = precision === null ? '' : `, ${percentWithInterval({ value: precision, ...ends })} of them right`;
  const accepted =
    live === undefined || outOfScope === null
      ? ''
      : `, ${count(live.acceptedOutOfScope, 'out-of-scope ticket')} among them`;
  const share =
    live === undefined ? percent(coverage) : percentWithInterval({ value: coverage, ...live.intervals.coverage });
  return `${share} of tickets${right}${accepted} (target precision ${percent(targetPrecision)})`;
}

function criteriaTable(results: readonly CriterionResult[], colors: Colors): string {
  if (results.length === 0) return '';
  const rows = results.map((result) => {
    const [mark, word] = markOf(result, colors);
    const value = result.value === null ? '' : `${formatValue(result, result.value)} `;
    const head = `${mark} ${titleOf(result.id).padEnd(27)}${word.padEnd(21)}${value}${colors.dim(`(target ${comparison(result.id)} ${formatValue(result, result.target)})`)}`;
    return `${head}\n${wrap(result.why, LINE_WIDTH - 4)
      .map((line) => `    ${colors.dim(line)}`)
      .join('\n')}`;
  });
  return `${colors.bold('Criteria')}\n${rows.join('\n')}`;
}

/** What is needed to measure more: people, tickets or a key. */
export function needs({ criteria: results, engine }: Pick<EvaluationResult, 'criteria' | 'engine'>): string[] {
  const named = (who: CriterionResult['needs']) =>
    results.filter((one) => one.needs === who).map(({ id }) => titleOf(id));
  const people = named('people');
  const data = named('data');
  const engines = named('engine');
  return [
    ...(people.length === 0 ? [] : [`Needs people: ${list(people, 12)}.`]),
    ...(data.length === 0 ? [] : [`Needs more tickets or settings: ${list(data, 12)}.`]),
    ...(engines.length === 0 ? [] : [`Needs an engine that answers more of these tickets: ${list(engines, 12)}.`]),
    ...suggestRequired(results),
    ...(engine.kind === 'local'
      ? [
          'These are figures of the embedded engine alone. How Claude does on the same tickets needs an ANTHROPIC_API_KEY.',
        ]
      : []),
  ];
}

/** With required criteria that the tickets cannot measure, no engine could pass the gate. */
export function suggestRequired(results: readonly CriterionResult[]): string[] {
  const required = results.filter((one) => one.required);
  const isMeasurable = ({ status, needs: missing }: CriterionResult) =>
    status !== 'not-measured' || missing === 'engine';
  const measured = required.filter(isMeasurable).map(({ id }) => id);
  const open = required.length - measured.length;
  if (open === 0 || measured.length === 0) return [];
  return [
    `No engine can pass the gate on these tickets, because ${count(open, 'required criterion', 'required criteria')} cannot be measured with them. To require what can be: evaluation: { required: [${measured.join(', ')}] }`,
  ];
}

function markOf({ status, certain }: CriterionResult, { green, red, yellow }: Colors): [string, string] {
  if (status === 'passed') return [green('✓'), certain ? 'passed' : 'passed, not certain'];
  if (status === 'missed') return [red('✗'), 'missed'];
  return [yellow('–'), 'not measured'];
}

const known = (id: string) => criterionIds.find((one): one is CriterionId => one === id);
export const titleOf = (id: string): string => criteriaOf(id)?.title ?? id;
const criteriaOf = (id: string) => {
  const found = known(id);
  return found === undefined ? null : criteria[found];
};
export const comparison = (id: string): string => (criteriaOf(id)?.better === 'lower' ? '≤' : '≥');

/** Formats a value of a criterion in that criterion's unit. */
export function formatValue({ id }: Pick<CriterionResult, 'id'>, value: number): string {
  switch (criteriaOf(id)?.unit) {
    case 'milliseconds':
      return duration(value);
    case 'rating':
      return value.toFixed(2);
    case 'error':
      return value.toFixed(3);
    case 'points':
      return `${(value * 100).toFixed(1)} points`;
    default:
      return percent(value);
  }
}

function worstIntents({ perIntent }: EvaluationResult, { bold, dim }: Colors): string {
  const worst = perIntent
    .filter(({ support, f1 }) => support > 0 && f1 < 1)
    .sort((a, b) => a.f1 - b.f1 || b.support - a.support)
    .slice(0, WORST_INTENTS_SHOWN);
  if (worst.length === 0) return '';
  const rows = worst.map(({ intent, precision, recall, f1, support }) => {
    const figures = `F1 ${percent(f1)}, precision ${precision === null ? '–' : percent(precision)}, recall ${recall === null ? '–' : percent(recall)}, ${count(support, 'ticket')}`;
    return `  ${intent.padEnd(46)} ${dim(figures)}`;
  });
  return `${bold('Weakest intents')}\n${rows.join('\n')}`;
}

function failures(result: EvaluationResult, { bold, dim }: Colors): string {
  if (result.failures.length === 0) return '';
  const rows = result.failures.slice(0, FAILURES_SHOWN).map(({ id, expected, predicted, confidence, error }) => {
    const said =
      error ?? `${predicted ?? 'nothing'}${confidence === null ? '' : ` (${Math.round(confidence * 100)} %)`}`;
    return `  ${id}: ${expected ?? 'out of scope'} ${dim('→')} ${said}`;
  });
  const more = result.failures.length - rows.length;
  const tail = more > 0 ? [dim(`  and ${more} more: see --json, or --report DIR for their texts`)] : [];
  return [bold(`Failures (${result.failures.length})`), ...rows, ...tail].join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  // No line break between a number and its per cent sign.
  for (const word of text.split(/ (?!%)/)) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

const IDS_SHOWN = 5;

function describeCalibratedOn({ engines, ids }: CalibratedOn): string {
  const shown = ids.slice(0, IDS_SHOWN).join(', ');
  const more = ids.length > IDS_SHOWN ? ` and ${ids.length - IDS_SHOWN} more` : '';
  const was = ids.length === 1 ? 'was' : 'were';
  return `${count(ids.length, 'ticket')} ${was} used to calibrate ${engines.join(' and ')} (${shown}${more}): confidence and coverage look better than they are`;
}
