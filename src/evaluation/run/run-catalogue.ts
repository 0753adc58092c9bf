import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedConfig } from '../../config/config-schema.ts';
import { SwitchboardError } from '../../errors.ts';
import type { Comparison } from '../compare/compare-runs.ts';
import { criteria } from '../criteria/all-criteria.ts';
import { type Criterion, gate } from '../criteria/criterion.ts';
import { type EvaluationResult, evaluationResultSchema } from '../score/evaluation-result.ts';
import { listRunIds, readResult, readRun, runFiles } from './run-folder.ts';
import type { RunManifest } from './run-manifest.ts';
import { createRunThread } from './run-thread.ts';
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
   * The report as a page, made in a thread. Throws a SwitchboardError: `not-found`, `conflict` while the run is not complete,
   * `invalid-input` when its data set has changed since.
   */
  report(id: string): Promise<string>;
  /** Made in a thread too. Throws a SwitchboardError: `not-found`, `invalid-input` when the tickets differ. */
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
  const thread = createRunThread(config);
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
    report: thread.report,
    compare: thread.compare,
  };
}

/** Changes with the files that a summary is made of. */
async function markOf(path: string): Promise<string> {
  const files = [runFiles.manifest, runFiles.answers, runFiles.result];
  const found = await Promise.all(files.map((file) => stat(join(path, file)).catch(() => null)));
  return found.map((file) => (file === null ? '-' : `${file.size}:${file.mtimeMs}`)).join();
}
