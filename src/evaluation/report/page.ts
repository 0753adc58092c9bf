import { count, list } from '../../base/plural.ts';
import type { Example } from '../../classifiers/retrieval/example-index.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { gate } from '../criteria/criterion.ts';
import type { Evidence } from '../criteria/evidence.ts';
import type { RunManifest } from '../run/run-manifest.ts';
import type { CriterionResult, EvaluationResult } from '../score/evaluation-result.ts';
import { duration, percent, percentWithInterval, usd } from '../score/format-figures.ts';
import { comparison, formatValue, needs, titleOf } from '../score/format-summary.ts';
import { isInScope } from '../score/scored-ticket.ts';
import { criterionPlots } from './criterion-plots.ts';
import { failureList } from './failure-list.ts';
import { type Html, html } from './html.ts';
import { confusionPlots } from './plots/confusion-tree.ts';
import type { CostPoint } from './plots/cost-accuracy-plot.ts';
import { styles } from './styles.ts';

export type ReportContent = {
  readonly result: EvaluationResult;
  readonly evidence: Evidence;
  readonly manifest: RunManifest;
  readonly taxonomy: Taxonomy;
  readonly examples: readonly Example[];
  readonly costs: readonly CostPoint[];
};

/** Renders the whole report as one self-contained page: no script, no font, no network. */
export function renderPage(content: ReportContent): string {
  const { result, evidence, manifest, taxonomy } = content;
  const judged = evidence.main
    .filter(isInScope)
    .map(({ ticket, predicted }) => ({ expected: ticket.intent, predicted }));
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Evaluation of ${manifest.taxonomy.name}, ${manifest.startedAt.slice(0, 10)}</title>
<style>${{ markup: styles }}</style>
</head>
<body>
<main>
<h1>May it go live? ${manifest.taxonomy.name}</h1>
<p class="quiet">${day(manifest.startedAt)} · ${manifest.classifier.why} · ${count(evidence.main.length, 'labelled ticket')}</p>
${verdict(result)}
${needs(result).map((need) => html`<p class="quiet">${need}</p>`)}
${tiles(result)}
<h2>Criteria</h2>
${criteriaTable(result.criteria)}
${result.criteria.map((criterion) => criterionCard(criterion, content))}
<h2>What is taken for what</h2>
${judged.length === 0 ? html`<p>No ticket in scope was answered.</p>` : confusionPlots({ judged, order: taxonomy.leaves.map(({ id }) => id) })}
<h2>By intent</h2>
${intentTable(result)}
<h2>Failures</h2>
<p class="quiet">Every ticket that went wrong, the most confident mistakes first.</p>
${failureList({ main: evidence.main, examples: new Map(content.examples.map((example) => [example.id, example])) })}
<h2>How this was measured</h2>
${provenance(content)}
</main>
</body>
</html>
`;
  return page.markup;
}

function verdict(result: EvaluationResult): Html {
  const { criteria } = result;
  const { passed, missing, leftOut } = gate(result, 'value');
  const required = criteria.filter((criterion) => criterion.required);
  const all = required.length + leftOut.length;
  if (all === 0)
    return html`<div class="verdict open"><strong>No criterion was asked for</strong>There is nothing to decide by.</div>`;
  if (passed) {
    const uncertain = required.filter(({ certain }) => !certain);
    const note =
      uncertain.length === 0
        ? 'For each of them, the whole interval meets the target.'
        : `More tickets would make this certain: ${list(uncertain.map(({ id }) => titleOf(id)))} could still lie below the target by chance.`;
    return html`<div class="verdict good"><strong>Yes: all ${count(required.length, 'required criterion', 'required criteria')} passed</strong>${note}</div>`;
  }
  const missed = missing.filter(({ status }) => status === 'missed').map(({ id }) => titleOf(id));
  const open = [
    ...missing.filter(({ status }) => status === 'not-measured').map(({ id }) => titleOf(id)),
    ...leftOut.map(titleOf),
  ];
  const sentences = [
    ...(missed.length === 0 ? [] : [`Missed: ${list(missed, 12)}.`]),
    ...(open.length === 0 ? [] : [`Not measured: ${list(open, 12)}.`]),
  ];
  const head = missed.length === 0 ? 'Not known yet' : 'Not yet';
  return html`<div class="verdict ${missed.length === 0 ? 'open' : 'bad'}"><strong>${head}: ${required.length - missing.length} of ${count(all, 'required criterion', 'required criteria')} passed</strong>${sentences.join(' ')}</div>`;
}

function tiles({
  accuracy,
  correct,
  count: n,
  live,
  selective,
  calibrationError,
  latencyMs,
  cost,
  outOfScope,
}: EvaluationResult): Html {
  const { coverage, precision } = live ?? selective;
  const facts: readonly (readonly [string, string] | null)[] = [
    accuracy === null
      ? null
      : [
          percent(accuracy.value),
          `right intent: ${correct} of ${n} in scope (${(accuracy.low * 100).toFixed(1)}–${(accuracy.high * 100).toFixed(1)} %)`,
        ],
    [percent(coverage), `would go live${precision === null ? '' : `, ${percent(precision)} of them right`}`],
    outOfScope === null
      ? null
      : [
          percent(outOfScope.rejected),
          `of ${outOfScope.count} out-of-scope tickets turned away${live === undefined ? '' : `; of all tickets ${percent(1 - live.coverage)}`}`,
        ],
    [calibrationError.toFixed(3), 'calibration error'],
    latencyMs.p95 === null ? null : [duration(latencyMs.p95), 'for 95 % of the answers'],
    [usd(cost.perTicketUsd), 'a classification'],
  ];
  return html`<div class="tiles">${facts.flatMap((fact) => (fact === null ? [] : [html`<div class="tile"><b>${fact[0]}</b><span>${fact[1]}</span></div>`]))}</div>`;
}

function badge({ status, certain }: CriterionResult): Html {
  if (status === 'passed') return html`<span class="badge good">${certain ? 'passed' : 'passed, not certain'}</span>`;
  if (status === 'missed') return html`<span class="badge bad">missed</span>`;
  return html`<span class="badge open">not measured</span>`;
}

const interval = (result: CriterionResult): string =>
  result.low === null || result.high === null
    ? ''
    : `${formatValue(result, result.low)} – ${formatValue(result, result.high)}`;

function criteriaTable(results: readonly CriterionResult[]): Html {
  return html`<table class="criteria"><thead><tr><th>Criterion</th><th></th><th class="number">Value</th><th class="number optional">95 % interval</th><th class="number optional">Target</th><th class="number optional">Tickets</th></tr></thead>
<tbody>${results.map((result) => html`<tr><td><a href="#${result.id}">${titleOf(result.id)}</a>${result.required ? null : html` <span class="quiet">(not required)</span>`}</td><td>${badge(result)}</td><td class="number">${result.value === null ? '–' : formatValue(result, result.value)}</td><td class="number optional">${interval(result)}</td><td class="number optional">${comparison(result.id)} ${formatValue(result, result.target)}</td><td class="number optional">${result.n || ''}</td></tr>`)}</tbody></table>`;
}

function criterionCard(result: CriterionResult, { evidence, costs }: ReportContent): Html {
  const plots = criterionPlots({ result, evidence, costs });
  return html`<section class="card" id="${result.id}">
<header><h3>${titleOf(result.id)}</h3>${badge(result)}<span class="figure">${result.value === null ? '' : formatValue(result, result.value)}</span><span class="quiet">target ${comparison(result.id)} ${formatValue(result, result.target)}</span></header>
<div class="body"><p>${result.why}</p>${plots.length === 0 ? null : html`<div class="plots">${plots}</div>`}</div>
</section>`;
}

function intentTable({ perIntent }: EvaluationResult): Html {
  const share = (value: number | null) => (value === null ? '–' : percent(value));
  const rows = perIntent.toSorted((a, b) => a.f1 - b.f1 || b.support - a.support);
  return html`<details open><summary>${count(rows.length, 'intent')}, the weakest first</summary><div class="scroll" tabindex="0" role="group" aria-label="Scores by intent"><table><thead><tr><th>Intent</th><th class="number">Tickets</th><th class="number">Precision</th><th class="number">Recall</th><th class="number">F1</th></tr></thead>
<tbody>${rows.map(({ intent, support, precision, recall, f1 }) => html`<tr><td>${intent}</td><td class="number">${support}</td><td class="number">${share(precision)}</td><td class="number">${share(recall)}</td><td class="number">${support === 0 ? '–' : percent(f1)}</td></tr>`)}</tbody></table></div></details>`;
}

function provenance({ manifest, result, evidence }: ReportContent): Html {
  const versions = evidence.main.find(({ classification }) => classification !== null)?.classification?.versions;
  const { unanswered, cost } = result;
  const facts: readonly (readonly [string, string])[] = [
    ['Run', manifest.id],
    ['Engine', `${manifest.classifier.kind}: ${manifest.classifier.why}`],
    [
      'Data set',
      manifest.dataset
        .map(({ path, tickets, sha256 }) => `${path} (${count(tickets, 'ticket')}, sha256 ${sha256.slice(0, 12)})`)
        .join('; '),
    ],
    ['Taxonomy', `${manifest.taxonomy.name}, version ${manifest.taxonomy.version}`],
    [
      'Examples',
      `${manifest.examples.count}, sha256 ${manifest.examples.sha256.slice(0, 12)}; ${manifest.leakage.dropped} left out because the data set has them itself`,
    ],
    ...(manifest.stored === null
      ? []
      : [['Of the store', `${count(manifest.stored.count, 'example')}, version ${manifest.stored.version}`] as const]),
    [
      'Versions',
      `prompt ${versions?.prompt ?? '–'}, examples ${versions?.examples ?? '–'}, thresholds ${versions?.thresholds ?? '–'}`,
    ],
    [
      'Unanswered',
      `${unanswered.timeout} too late, ${unanswered.refused} refused, ${count(unanswered.error, 'error')}; no figure includes them`,
    ],
    ['Spent', usd(cost.spentUsd)],
    ['Code', `${manifest.codeVersion} on Node ${manifest.nodeVersion}, seed ${manifest.seed}`],
    [
      'Accuracy',
      result.accuracy === null
        ? '–'
        : `${percentWithInterval(result.accuracy)}: forced choice over tickets in scope, Wilson interval at 95 %`,
    ],
  ];
  return html`<table class="facts"><tbody>${facts.map(([name, value]) => html`<tr><th>${name}</th><td>${value}</td></tr>`)}</tbody></table>`;
}

const day = (timestamp: string): string =>
  new Date(timestamp).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
