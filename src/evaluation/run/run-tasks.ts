import type { LoadedConfig } from '../../config/config-schema.ts';
import { loadWorkspace } from '../../config/load-workspace.ts';
import { ConflictError } from '../../errors.ts';
import { type Comparison, compareStoredRuns } from '../compare/compare-stored-runs.ts';
import { routingOf } from '../create-subject.ts';
import { reloadDataset } from '../dataset/reload-dataset.ts';
import { renderReport } from '../report/write-report.ts';
import { evaluationResultSchema } from '../score/evaluation-result.ts';
import { recallEvidence } from './recall-evidence.ts';
import { readResult, readRun } from './run-folder.ts';

/** What of a configuration these tasks read: all of it can be sent to a thread, and none of it is secret. */
export type RunTaskConfig = Pick<LoadedConfig, 'settings' | 'file' | 'isSample' | 'runsDir'>;

/** What takes long on the runs of a folder, so that a server leaves it to a thread. */
export type RunTask =
  | { readonly task: 'report'; readonly id: string }
  | { readonly task: 'compare'; readonly first: string; readonly second: string };

/** Returns the page of a report, or a comparison. */
export async function doRunTask(config: RunTaskConfig, task: RunTask): Promise<string | Comparison> {
  const { runsDir } = config;
  return task.task === 'report' ? renderStoredRun(config, task.id) : compareStoredRuns({ runsDir, ...task });
}

/**
 * The report of a run as a page. Throws NotFoundError, ConflictError while the run is not complete, InputError when its
 * data set has changed since.
 */
async function renderStoredRun(config: RunTaskConfig, id: string): Promise<string> {
  const { settings, runsDir } = config;
  const run = await readRun({ runsDir, id });
  const { manifest, path: runPath } = run;
  const result = await readResult(runPath, evaluationResultSchema);
  if (result === null) {
    throw new ConflictError(
      `Run ${manifest.id} is not complete. Continue it with: switchboard evaluate --resume ${manifest.id}`,
    );
  }
  const tickets = await reloadDataset(manifest);
  const workspace = await loadWorkspace({ ...config, secrets: noSecrets });
  const subject = { ...workspace, routing: routingOf({ settings, workspace }) };
  const evidence = await recallEvidence(run, {
    dataset: { files: manifest.dataset, tickets },
    subject,
    currentCostUsd: settings.evaluation.currentMethod.costUsdPerTicket,
  });
  return renderReport({ result, evidence, manifest, runPath, subject });
}

const noSecrets: LoadedConfig['secrets'] = {
  anthropicApiKey: null,
  anthropicBaseUrl: null,
  voyageApiKey: null,
  databaseUrl: null,
  token: null,
  connectors: {},
};
