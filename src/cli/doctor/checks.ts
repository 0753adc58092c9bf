import { access, constants } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { z } from 'zod';
import type { LoadedConfig } from '../../config/config-schema.ts';
import { loadWorkspace } from '../../config/load-workspace.ts';
import { SwitchboardError } from '../../errors.ts';
import { findFolderOwner } from '../../store/folder-lock.ts';
import { openStore } from '../../store/open-store.ts';
import { isPortFree } from '../serve/listen.ts';

export type Finding = {
  readonly check: string;
  /** `note`: fine as it is, worth knowing. */
  readonly status: 'ok' | 'note' | 'failed';
  readonly detail: string;
};

/** package.json `engines`. */
const OLDEST_NODE = [22, 12] as const;
const ASK_TIMEOUT_MS = 3_000;

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const isNewEnough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const detail = isNewEnough ? version : `${version} is too old; install ${OLDEST_NODE.join('.')} or newer`;
  return { check: 'node', status: isNewEnough ? 'ok' : 'failed', detail };
}

export async function checkWorkspace(config: LoadedConfig): Promise<Finding> {
  return findingOf('taxonomy', async () => {
    const { taxonomy, examples } = await loadWorkspace(config);
    return `${taxonomy.name}: ${taxonomy.leaves.length} intents, ${examples.length} examples`;
  });
}

export function checkEngine({ settings, secrets }: LoadedConfig): Finding {
  const { classifier } = settings;
  const hasKey = secrets.anthropicApiKey !== null;
  if (typeof classifier === 'object')
    return { check: 'engine', status: 'ok', detail: `your own, at ${classifier.http}` };
  if (!hasKey && (classifier === 'claude' || classifier === 'cascade')) {
    return {
      check: 'engine',
      status: 'failed',
      detail: `classifier is "${classifier}" and ANTHROPIC_API_KEY is not set. Set it, or choose "auto" or "local".`,
    };
  }
  if (classifier === 'local') return { check: 'engine', status: 'ok', detail: 'embedded engine, as configured' };
  return hasKey
    ? {
        check: 'engine',
        status: 'ok',
        detail: `${classifier}, with ${settings.claude.model}; ANTHROPIC_API_KEY is set`,
      }
    : { check: 'engine', status: 'note', detail: 'no ANTHROPIC_API_KEY: the embedded engine decides alone' };
}

/** One cheap call to Claude, where the configuration uses it; what it cost is in the findings. */
export async function checkClaudeAnswers(config: LoadedConfig): Promise<Finding[]> {
  const { settings, secrets } = config;
  const { classifier, claude } = settings;
  if (secrets.anthropicApiKey === null || classifier === 'local' || typeof classifier === 'object') return [];
  const { checkClaude } = await import('../../classifiers/claude/check-claude.ts');
  const { connectClaude } = await import('../../app/build-claude.ts');
  const { createModelUse } = await import('../../classifiers/model-api/model-account.ts');
  const modelUse = createModelUse({ dailyBudgetUsd: claude.dailyBudgetUsd });
  const { checks } = await checkClaude({ connection: connectClaude({ config, modelUse }), settings: claude });
  return [...checks];
}

/** A store that nobody holds is opened and closed; of one that a server holds, the server is asked. */
export async function checkStore(config: LoadedConfig): Promise<Finding[]> {
  const { settings, secrets } = config;
  const { dataDir } = settings;
  if (secrets.databaseUrl !== null) return [await checkOpening(secrets.databaseUrl, dataDir)];

  const owner = await findFolderOwner({ dataDir });
  if (owner !== null) {
    const held = `process ${owner.pid} holds ${dataDir}`;
    if (owner.url === null) return [{ check: 'store', status: 'note', detail: `${held}; it does not serve yet` }];
    return [{ check: 'store', status: 'ok', detail: `${held} and serves ${owner.url}` }, await checkServer(owner.url)];
  }
  if (!(await exists(dataDir))) return [await checkFutureFolder(dataDir)];
  return [await checkOpening(null, dataDir)];
}

export async function checkPort({ settings, secrets }: LoadedConfig): Promise<Finding> {
  const { host, port } = settings.server;
  if (port === 0 || (await isPortFree(host, port))) {
    return { check: 'port', status: 'ok', detail: port === 0 ? 'chosen by the system' : `${port} on ${host} is free` };
  }
  // On PostgreSQL no folder tells who serves.
  const owner = secrets.databaseUrl === null ? await findFolderOwner({ dataDir: settings.dataDir }) : null;
  if (owner?.url && Number(new URL(owner.url).port || 80) === port) {
    return {
      check: 'port',
      status: 'ok',
      detail: `${port} on ${host} is used by this Switchboard, process ${owner.pid}`,
    };
  }
  return {
    check: 'port',
    status: 'note',
    detail: `${port} on ${host} is in use, ${secrets.databaseUrl === null ? 'by' : 'by a running server or'} another program`,
  };
}

async function checkServer(url: string): Promise<Finding> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
    const health = healthSchema.parse(await response.json());
    const jobs = `${health.queue.waiting} jobs waiting`;
    const [worst] = health.degraded;
    if (health.ready && worst !== undefined) {
      return { check: 'server', status: 'note', detail: `ready, ${jobs}, but not the ${worst.part}: ${worst.why}` };
    }
    return health.ready
      ? { check: 'server', status: 'ok', detail: `ready, ${jobs}, ${health.engine.why}` }
      : {
          check: 'server',
          status: 'failed',
          detail: `not ready: ${health.store.error ?? 'the store or the queue is down'}`,
        };
  } catch (error) {
    const found = error instanceof Error ? error.name : 'no answer';
    return { check: 'server', status: 'failed', detail: `${url} does not answer as it should (${found}). Restart it.` };
  }
}
const healthSchema = z.object({
  ready: z.boolean(),
  store: z.object({ error: z.string().nullable() }),
  queue: z.object({ waiting: z.number() }),
  engine: z.object({ why: z.string() }),
  degraded: z.array(z.object({ part: z.string(), why: z.string() })).default([]),
});

async function checkOpening(databaseUrl: string | null, dataDir: string): Promise<Finding> {
  return findingOf('store', async () => {
    const store = await openStore({ databaseUrl, dataDir });
    try {
      const { received, decided } = await store.tickets.count();
      return `${store.kind}, ${store.location}: ${decided} tickets decided, ${received} to decide`;
    } finally {
      await store.close();
    }
  });
}

async function checkFutureFolder(dataDir: string): Promise<Finding> {
  let parent = dirname(dataDir);
  while (!(await exists(parent)) && parent !== dirname(parent)) parent = dirname(parent);
  const isWritable = await access(`${parent}${sep}`, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  return isWritable
    ? { check: 'store', status: 'ok', detail: `${dataDir} is not there yet; the first start makes it` }
    : {
        check: 'store',
        status: 'failed',
        detail: `${dataDir} cannot be made: ${parent} is not writable. Choose another with --data.`,
      };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function findingOf(check: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { check, status: 'ok', detail: await look() };
  } catch (error) {
    if (!(error instanceof SwitchboardError)) throw error;
    return { check, status: 'failed', detail: error.message };
  }
}
