import type { LoadedConfig } from '../../config/config-schema.ts';
import { findFolderOwner } from '../../store/folder-lock.ts';
import { isPortFree } from '../serve/listen.ts';
import type { Finding } from './finding.ts';

/** Whether `serve` could listen on the configured port. */
export async function checkPort({ settings, secrets }: LoadedConfig): Promise<Finding> {
  const { host, port } = settings.server;
  if (port === 0 || (await isPortFree(host, port))) {
    return { check: 'port', status: 'ok', detail: port === 0 ? 'chosen by the system' : `${port} on ${host} is free` };
  }
  // Only the lock on the folder of an embedded store says which process serves; on PostgreSQL there is none.
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
    detail: `${port} on ${host} is in use by ${secrets.databaseUrl === null ? '' : 'a running Switchboard or '}another program`,
  };
}
