import { versionOf } from '../../base/hash.ts';
import { criterionIds, gate } from '../criteria/criterion.ts';
import type { Interval } from '../metrics/wilson-interval.ts';
import { evaluationResultSchema } from '../score/evaluation-result.ts';
import { listRunIds, readResult, readRun } from './run-folder.ts';
import type { RunManifest } from './run-manifest.ts';

export type RunSummary = {
  readonly run: string;
  readonly startedAt: string;
  readonly classifier: string;
  readonly datasetFiles: readonly string[];
  /** Runs with the same are about the same tickets, and can be compared. */
  readonly dataset: string;
  readonly tickets: number;
  readonly answers: number;
  /** False while the run can be resumed. */
  readonly complete: boolean;
  readonly accuracy: Interval | null;
  readonly passed: number;
  readonly criteria: number;
  /** Whether every required criterion passed; null while the run is not complete. */
  readonly gate: boolean | null;
  readonly spentUsd: number;
  /** The ids of its criteria, when they are not all. */
  readonly only: readonly string[] | null;
} & Pick<RunManifest, 'config' | 'calibrations' | 'stored' | 'settings'>;

/** Sums up every run in a folder, oldest first. Throws `ConflictError` when one is damaged. */
export async function summariseRuns(runsDir: string): Promise<RunSummary[]> {
  const summaries: RunSummary[] = [];
  for (const id of await listRunIds(runsDir)) summaries.push(await summariseRun({ runsDir, id }));
  return summaries;
}

/** Sums up one run. Throws as `readRun` does. */
export async function summariseRun(options: { runsDir: string; id: string }): Promise<RunSummary> {
  const { path, manifest, answers } = await readRun(options);
  const result = await readResult(path, evaluationResultSchema);
  return {
    run: manifest.id,
    startedAt: manifest.startedAt,
    classifier: manifest.classifier.kind,
    datasetFiles: manifest.dataset.map((file) => file.path),
    dataset: versionOf(manifest.dataset.map(({ sha256 }) => sha256)),
    tickets: manifest.dataset.reduce((sum, { tickets }) => sum + tickets, 0),
    answers: answers.length,
    complete: result !== null,
    accuracy: result?.accuracy ?? null,
    passed: result?.criteria.filter(({ passed }) => passed).length ?? 0,
    criteria: result?.criteria.length ?? manifest.criteria.length,
    gate: result === null ? null : gate(result, 'value').passed,
    only: manifest.criteria.length < criterionIds.length ? manifest.criteria : null,
    config: manifest.config,
    calibrations: manifest.calibrations,
    stored: manifest.stored,
    settings: manifest.settings,
    spentUsd: answers.reduce((sum, { classification }) => sum + (classification?.costUsd ?? 0), 0),
  };
}
