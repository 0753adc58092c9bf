import { dirname, join } from 'node:path';
import { makePrivateFolder, writePrivateFile } from '../../base/private-files.ts';
import { ticketText } from '../../ticket/ticket-text.ts';
import type { Evaluation } from '../evaluate.ts';
import { confusionMatrix } from '../metrics/confusion-matrix.ts';
import { listRunIds, readResult, readRun } from '../run/run-folder.ts';
import { evaluationResultSchema } from '../score/evaluation-result.ts';
import { isInScope } from '../score/scored-ticket.ts';
import { type ReportContent, renderPage } from './page.ts';
import type { CostPoint } from './plots/cost-accuracy-plot.ts';

/** Number of earlier runs on the same tickets that are shown with this one. */
const MAX_OTHER_RUNS = 20;

/** Writes `report.html` and `report.json`; returns the path of the page. The run must be complete. */
export async function writeReport(options: { readonly dir: string; readonly evaluation: Evaluation }): Promise<string> {
  const { result } = options.evaluation;
  if (result === null) throw new TypeError('a report needs a complete run');
  const content = await contentOf({ ...options.evaluation, result });
  await makePrivateFolder(options.dir);
  const page = join(options.dir, 'report.html');
  await writePrivateFile(page, renderPage(content));
  await writePrivateFile(join(options.dir, 'report.json'), `${JSON.stringify(reportJson(content), null, 2)}\n`);
  return page;
}

/** A complete evaluation, as far as a report shows it. */
type Reported = Pick<Evaluation, 'evidence' | 'manifest' | 'runPath'> & {
  readonly result: NonNullable<Evaluation['result']>;
  readonly subject: Pick<Evaluation['subject'], 'taxonomy' | 'examples'>;
};

/** The page of a report, as a text. */
export async function renderReport(evaluation: Reported): Promise<string> {
  return renderPage(await contentOf(evaluation));
}

async function contentOf(evaluation: Reported): Promise<ReportContent> {
  const { result, evidence, manifest, subject } = evaluation;
  const { taxonomy, examples } = subject;
  return { result, evidence, manifest, taxonomy, examples, costs: await costPoints(evaluation) };
}

/** The result, with what the page shows in addition: the confusion matrix, and failures with their texts. */
function reportJson({ result, evidence, manifest }: ReportContent) {
  const byId = new Map(evidence.main.map((scored) => [scored.ticket.id, scored]));
  const judged = evidence.main
    .filter(isInScope)
    .map(({ ticket, predicted }) => ({ expected: ticket.intent, predicted }));
  return {
    ...result,
    manifest,
    confusion: confusionMatrix(judged),
    failures: result.failures.map((failure) => {
      const scored = byId.get(failure.id);
      return {
        ...failure,
        text: scored === undefined ? '' : ticketText(scored.ticket).text,
        nearestExamples: scored?.classification?.nearestExamples ?? [],
        slices: scored?.ticket.slices ?? [],
      };
    }),
  };
}

/** Cost and accuracy of this run and of earlier ones on the same tickets. */
async function costPoints({ runPath, manifest, result }: Reported): Promise<CostPoint[]> {
  const runsDir = dirname(runPath);
  const points: CostPoint[] = [];
  const others = (await listRunIds(runsDir)).filter((id) => id !== manifest.id).slice(-MAX_OTHER_RUNS);
  for (const id of others) {
    const run = await readRun({ runsDir, id }).catch(() => null);
    if (run === null || hashesOf(run.manifest) !== hashesOf(manifest)) continue;
    const other = await readResult(run.path, evaluationResultSchema).catch(() => null);
    if (other?.accuracy) points.push(pointOf(`${id}, ${run.manifest.classifier.kind}`, other, false));
  }
  return result.accuracy ? [...points, pointOf('this run', result, true)] : points;
}

type Result = Reported['result'];

function pointOf(name: string, { accuracy, cost }: Result, isThis: boolean): CostPoint {
  const { value = 0, low = 0, high = 0 } = accuracy ?? {};
  return { name, costUsd: cost.perTicketUsd, accuracy: value, low, high, isThis };
}

const hashesOf = ({ dataset }: Evaluation['manifest']): string => dataset.map(({ sha256 }) => sha256).join();
