import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedConfig } from '../../config/config-schema.ts';
import { loadWorkspace } from '../../config/load-workspace.ts';
import { ConflictError, SwitchboardError } from '../../errors.ts';
import { type Comparison, compareStoredRuns } from '../compare/compare-stored-runs.ts';
import { routingOf } from '../create-subject.ts';
import { criteria } from '../criteria/all-criteria.ts';
import { type Criterion, gate } from '../criteria/criterion.ts';
import { reloadDataset } from '../dataset/reload-dataset.ts';
import { renderReport } from '../report/write-report.ts';
import { type EvaluationResult, evaluationResultSchema } from '../score/evaluation-result.ts';
import { recallEvidence } from './recall-evidence.ts';
import { listRunIds, readResult, readRun, runFiles } from './run-folder.ts';
import type { RunManifest } from './run-manifest.ts';
import { type RunSummary, summariseRun } from './summarise-runs.ts';

/** The evaluations of a folder, to look at. Ids are those of `runs list`, beginnings of them, or `latest`. */
export type RunCatalogue = {
  readonly folder: string;
  /** The newest first. Folders that are no readable runs are left out, and not counted. */
  list(request: { limit: number }): Promise<{ readonly total: number; readonly items: readonly RunSummary[] }>;
  /** Throws NotFoundError. */
  get(id: string): Promise<{
    readonly manifest: RunManifest;
    readonly answers: number;
    readonly score: EvaluationResult | null;
    /** What `evaluate --gate` decides by; null while the run is not complete. */
    readonly gate: Gate | null;
    readonly scales: Readonly<Record<string, Pick<Criterion, 'unit' | 'better'>>>;
  }>;
  /**
   * The report as a page. Throws NotFoundError, ConflictError while the run is not complete, InputError when its data set
   * has changed since.
   */
  report(id: string): Promise<string>;
  /** Throws as `compareStoredRuns` does. */
  compare(runs: { first: string; second: string }): Promise<Comparison>;
};

type Gate = { readonly passed: boolean; readonly missing: readonly string[]; readonly leftOut: readonly string[] };

function gateOf(score: EvaluationResult): Gate {
  const { passed, missing, leftOut } = gate(score, 'value');
  return { passed, missing: missing.map(({ id }) => id), leftOut };
}

const scales = Object.fromEntries(Object.values(criteria).map(({ id, unit, better }) => [id, { unit, better }]));

export function openRunCatalogue(config: LoadedConfig): RunCatalogue {
  const { runsDir } = config;
  // Reading the answers of a run takes tens of milliseconds, and a complete one changes no more.
  const known = new Map<string, { readonly mark: string; readonly summary: RunSummary }>();

  const summarise = async (id: string): Promise<RunSummary | null> => {
    const mark = await markOf(join(runsDir, id));
    const found = known.get(id);
    if (found?.mark === mark) return found.summary;
    try {
      const summary = await summariseRun({ runsDir, id });
      known.set(id, { mark, summary });
      return summary;
    } catch (error) {
      if (error instanceof SwitchboardError) return null;
      throw error;
    }
  };

  return {
    folder: runsDir,
    async list({ limit }) {
      const ids = (await listRunIds(runsDir)).reverse();
      for (const id of known.keys()) if (!ids.includes(id)) known.delete(id);
      const items: RunSummary[] = [];
      let damaged = 0;
      for (const id of ids) {
        if (items.length === limit) break;
        const summary = await summarise(id);
        if (summary === null) damaged += 1;
        else items.push(summary);
      }
      return { total: ids.length - damaged, items };
    },
    async get(id) {
      const { path, manifest, answers } = await readRun({ runsDir, id });
      const score = await readResult(path, evaluationResultSchema);
      return { manifest, answers: answers.length, score, gate: score === null ? null : gateOf(score), scales };
    },
    async report(id) {
      const run = await readRun({ runsDir, id });
      const { manifest, path: runPath } = run;
      const result = await readResult(runPath, evaluationResultSchema);
      if (result === null) {
        throw new ConflictError(
          `Run ${manifest.id} is not complete. Continue it with: switchboard evaluate --resume ${manifest.id}`,
        );
      }
      const tickets = await reloadDataset(manifest);
      const workspace = await loadWorkspace(config);
      const subject = { ...workspace, routing: routingOf({ settings: config.settings, workspace }) };
      const evidence = await recallEvidence(run, {
        dataset: { files: manifest.dataset, tickets },
        subject,
        currentCostUsd: config.settings.evaluation.currentMethod.costUsdPerTicket,
      });
      return renderReport({ result, evidence, manifest, runPath, subject });
    },
    compare: (runs) => compareStoredRuns({ ...runs, runsDir }),
  };
}

/** Changes with the files that a summary is made of. */
async function markOf(path: string): Promise<string> {
  const files = [runFiles.manifest, runFiles.answers, runFiles.result];
  const found = await Promise.all(files.map((file) => stat(join(path, file)).catch(() => null)));
  return found.map((file) => (file === null ? '-' : `${file.size}:${file.mtimeMs}`)).join();
}
