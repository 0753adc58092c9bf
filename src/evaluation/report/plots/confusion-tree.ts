import { count } from '../../../base/plural.ts';
import type { ConfusionMatrix, Judged } from '../../metrics/confusion-matrix.ts';
import { confusionMatrix } from '../../metrics/confusion-matrix.ts';
import { type Html, html } from '../html.ts';
import { confusionMatrixPlot } from './confusion-matrix-plot.ts';

/** Up to this many labels, one matrix is legible. With more, there is one of the parents and one for each parent. */
const MAX_FLAT_LABELS = 90;
/** How many intents of a flat tree are shown when it has too many for one matrix. */
const MAX_CONFUSED_SHOWN = 60;

/** Right against answered intents, in the order of the taxonomy: one matrix, or a tree of matrices. */
export function confusionPlots(options: {
  readonly judged: readonly Judged[];
  /** Leaves in the order of the taxonomy. */
  readonly order: readonly string[];
}): Html {
  const { judged, order } = options;
  const whole = inOrder(confusionMatrix(judged), order);
  if (whole.labels.length <= MAX_FLAT_LABELS) return confusionMatrixPlot(whole);
  const parents = [...new Set(whole.labels.map(parentOf))];
  if (parents.length < 2 || parents.length > MAX_FLAT_LABELS) return mostConfused(judged, order);
  const among = inOrder(
    confusionMatrix(
      judged.map(({ expected, predicted }) => ({
        expected: parentOf(expected),
        predicted: predicted === null ? null : parentOf(predicted),
      })),
    ),
    parents,
  );
  return html`
<p>${count(whole.labels.length, 'intent')} in ${count(parents.length, 'group')}. First how often a group is taken for another; below, each group by itself, the one with most mistakes first.</p>
${confusionMatrixPlot(among)}
${parents
  .map((parent) => groupOf(parent, judged))
  .sort((a, b) => b.wrong - a.wrong)
  .map(({ parent, own, wrong }, i) => {
    const matrix = inOrder(confusionMatrix(own), [...order, OTHER]);
    return html`<details class="group" ${{ markup: i < 2 ? 'open' : '' }}><summary>${parent} <span class="quiet">${count(own.length, 'ticket')}, ${wrong} wrong</span></summary>${confusionMatrixPlot(matrix)}</details>`;
  })}`;
}

const OTHER = 'another group';

/** The tickets of one group; answers from other groups share one column. */
function groupOf(parent: string, judged: readonly Judged[]) {
  const own = judged
    .filter(({ expected }) => parentOf(expected) === parent)
    .map(({ expected, predicted }) => ({
      expected,
      predicted: predicted === null || parentOf(predicted) === parent ? predicted : OTHER,
    }));
  return { parent, own, wrong: own.filter(({ expected, predicted }) => expected !== predicted).length };
}

/** For a flat taxonomy with too many intents: the intents with most mistakes. */
function mostConfused(judged: readonly Judged[], order: readonly string[]): Html {
  const mistakes = new Map<string, number>();
  for (const { expected, predicted } of judged) {
    if (predicted === null || predicted === expected) continue;
    for (const intent of [expected, predicted]) mistakes.set(intent, (mistakes.get(intent) ?? 0) + 1);
  }
  const shown = new Set(
    [...mistakes]
      .sort((a, b) => b[1] - a[1])
      .slice(0, MAX_CONFUSED_SHOWN)
      .map(([intent]) => intent),
  );
  const among = judged.filter(
    ({ expected, predicted }) => shown.has(expected) && (predicted === null || shown.has(predicted)),
  );
  return html`<p>The ${shown.size} intents with most mistakes; report.json has the whole matrix.</p>${confusionMatrixPlot(inOrder(confusionMatrix(among), order))}`;
}

function inOrder({ labels, counts, unnamed }: ConfusionMatrix, order: readonly string[]): ConfusionMatrix {
  const place = new Map(order.map((label, i) => [label, i]));
  const positions = labels.map((_, i) => i).sort((a, b) => placeOf(labels[a]!) - placeOf(labels[b]!));
  function placeOf(label: string): number {
    return place.get(label) ?? order.length;
  }
  return {
    labels: positions.map((i) => labels[i]!),
    counts: positions.map((i) => positions.map((j) => counts[i]![j]!)),
    unnamed: positions.map((i) => unnamed[i]!),
  };
}

/** The first part of the path; an intent without a parent is its own group. */
const parentOf = (intent: string): string => intent.split('/')[0]!;
