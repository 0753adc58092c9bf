import { access, constants } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { z } from 'zod';
import { describeWaiting } from '../app/describe-waiting.ts';
import { count } from '../base/plural.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import { SwitchboardError } from '../errors.ts';
import { countLostWork } from '../queue/lost-work.ts';
import { findFolderOwner } from '../store/folder-lock.ts';
import { type FoundStore, lookIntoStore } from '../store/look-into-store.ts';
import { explainTooOld } from '../store/migrations.ts';
import { selectOldestWaiting } from '../store/oldest-waiting.ts';
import { loadTaxonomy } from '../taxonomy/parse-taxonomy.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { checkExamples, checkStoredLanguages } from './check-examples.ts';
import { checkServer } from './check-server.ts';
import type { Finding } from './finding.ts';

/** Reads the store without changing it. While a server has it open, that server is asked instead. */
export async function checkStore(config: LoadedConfig): Promise<Finding[]> {
  const { settings, secrets } = config;
  const { dataDir } = settings;
  const { databaseUrl } = secrets;
  // A taxonomy with mistakes is a finding of `checkWorkspace`.
  const taxonomy = await loadTaxonomy(settings.taxonomy).catch(() => null);
  if (databaseUrl !== null) return lookAt({ databaseUrl, dataDir, taxonomy, config });

  const owner = await findFolderOwner({ dataDir });
  if (owner !== null) {
    const used = `process ${owner.pid} uses ${dataDir}`;
    if (owner.url === null) return [{ check: 'store', status: 'note', detail: `${used}; it does not serve HTTP yet` }];
    const findings = await checkServer({ url: owner.url, token: secrets.token });
    return [{ check: 'store', status: 'ok', detail: `${used} and serves ${owner.url}` }, ...findings];
  }
  if (!(await exists(join(dataDir, 'store')))) return [await checkNewFolder(dataDir)];
  return lookAt({ databaseUrl: null, dataDir, taxonomy, config });
}

async function lookAt(options: {
  databaseUrl: string | null;
  dataDir: string;
  taxonomy: Taxonomy | null;
  config: LoadedConfig;
}): Promise<Finding[]> {
  const { taxonomy, config, ...place } = options;
  try {
    return await lookIntoStore(place, (store) => describeStore(store, taxonomy, config));
  } catch (error) {
    if (!(error instanceof SwitchboardError)) throw error;
    return [{ check: 'store', status: 'failed', detail: error.message }];
  }
}

/** Findings about an open store. Without a taxonomy, its examples are not checked. */
export async function describeStore(
  store: FoundStore,
  taxonomy: Taxonomy | null,
  config: LoadedConfig | null = null,
): Promise<Finding[]> {
  const { kind, location, migrations } = store;
  if (migrations.isNew) return [await checkEmptyDatabase(store)];
  const tooOld = explainTooOld(migrations, location);
  if (tooOld !== null) return [{ check: 'store', status: 'failed', detail: tooOld }];
  const { decided, received } = await countTickets(store);
  const isOfThisVersion = migrations.pending === 0 && !migrations.isNewer;
  const oldestSeconds = isOfThisVersion ? await readOldestWaiting(store) : null;
  const waiting = describeWaiting({ waiting: received, oldestSeconds });
  const detail = `${kind}, ${location}: ${count(decided, 'ticket')} decided, ${waiting}`;
  return [
    { check: 'store', status: 'ok', detail },
    ...describeMigrations(store),
    ...(await checkLostWork(store)),
    ...(taxonomy === null ? [] : await checkExamples(store, taxonomy)),
    ...(config === null ? [] : await checkStoredLanguages(store, config)),
  ];
}

function describeMigrations({ migrations }: FoundStore): Finding[] {
  if (migrations.isNewer) {
    const detail = 'a newer version of Switchboard has changed them; this version still works with them';
    return [{ check: 'tables', status: 'note', detail }];
  }
  if (migrations.pending === 0) return [];
  const detail = `will be brought up to date at the next start: ${count(migrations.pending, 'migration')}`;
  return [{ check: 'tables', status: 'note', detail }];
}

/** Whether the first start has what it needs to create the tables. */
async function checkEmptyDatabase({ kind, location, query }: FoundStore): Promise<Finding> {
  const [row] = z.array(needsSchema).parse(
    await query(`select exists (select 1 from pg_available_extensions where name = 'vector') as "hasVector",
      has_database_privilege(current_database(), 'CREATE') as "mayCreate"`),
  );
  const missing = [
    row?.hasVector ? null : 'the extension pgvector is not installed on the server',
    row?.mayCreate ? null : 'this account may not create a schema (GRANT CREATE ON DATABASE)',
  ].filter((part) => part !== null);
  return missing.length === 0
    ? { check: 'store', status: 'ok', detail: `${kind}, ${location}: empty; the first start creates the tables` }
    : { check: 'store', status: 'failed', detail: `${kind}, ${location}: empty, and ${missing.join('; ')}` };
}
const needsSchema = z.object({ hasVector: z.boolean(), mayCreate: z.boolean() });

async function countTickets({ query }: FoundStore) {
  const [row] = z.array(ticketCountsSchema).parse(
    await query(`select count(*) filter (where state = 'decided')::int as decided,
      count(*) filter (where state = 'received')::int as received from switchboard.tickets`),
  );
  return row ?? { decided: 0, received: 0 };
}
const ticketCountsSchema = z.object({ decided: z.number(), received: z.number() });

async function readOldestWaiting({ query }: FoundStore): Promise<number | null> {
  const [row] = z.array(z.object({ seconds: z.number().nullable() })).parse(await query(selectOldestWaiting));
  return row?.seconds ?? null;
}

async function checkLostWork({ query }: FoundStore): Promise<Finding[]> {
  const [found] = z
    .array(z.object({ hasQueue: z.boolean() }))
    .parse(await query(`select to_regclass('pgboss.job') is not null as "hasQueue"`));
  if (!found?.hasQueue) return [];
  const lost = await countLostWork({ executeSql: async (text) => ({ rows: [...(await query(text))] }) });
  const kinds = [
    lost.tickets === 0 ? null : count(lost.tickets, 'ticket'),
    lost.deliveries === 0 ? null : count(lost.deliveries, 'delivery', 'deliveries'),
    lost.webhooks === 0 ? null : count(lost.webhooks, 'webhook'),
  ].filter((part) => part !== null);
  if (kinds.length === 0) return [];
  const detail = `without a job in the queue: ${kinds.join(', ')}. A worker queues them again when it starts, and every five minutes`;
  return [{ check: 'queue', status: 'note', detail }];
}

/** Whether the first start can create the store in this folder. */
async function checkNewFolder(dataDir: string): Promise<Finding> {
  const isThere = await exists(dataDir);
  let parent = isThere ? dataDir : dirname(dataDir);
  while (!(await exists(parent)) && parent !== dirname(parent)) parent = dirname(parent);
  const isWritable = await access(`${parent}${sep}`, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (isWritable) {
    const detail = isThere
      ? `${dataDir} contains no store yet; the first start creates it`
      : `${dataDir} does not exist yet; the first start creates it`;
    return { check: 'store', status: 'ok', detail };
  }
  const problem = isThere ? `${dataDir} is not writable` : `${dataDir} cannot be created: ${parent} is not writable`;
  return { check: 'store', status: 'failed', detail: `${problem}. Choose another folder with --data.` };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
