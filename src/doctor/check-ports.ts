import { isPortFree } from '../base/free-port.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import { findFolderOwner } from '../store/folder-lock.ts';
import type { Finding } from './finding.ts';

/** Whether `serve` could listen on the configured ports. */
export async function checkPorts({ settings, secrets }: LoadedConfig): Promise<Finding[]> {
  const { host, port, webhookPort } = settings.server;
  // Only the lock on the folder of an embedded store says which process serves; on PostgreSQL there is none.
  const owner = secrets.databaseUrl === null ? await findFolderOwner({ dataDir: settings.dataDir }) : null;
  const isOurs = owner?.url && Number(new URL(owner.url).port || 80) === port;
  const check = async (name: string, wanted: number): Promise<Finding> => {
    if (wanted === 0) return { check: name, status: 'ok', detail: 'chosen by the system' };
    if (await isPortFree(host, wanted)) return { check: name, status: 'ok', detail: `${wanted} on ${host} is free` };
    if (isOurs) {
      const detail = `${wanted} on ${host} is used by this Switchboard, process ${owner.pid}`;
      return { check: name, status: 'ok', detail };
    }
    const others = `${secrets.databaseUrl === null ? '' : 'a running Switchboard or '}another program`;
    return { check: name, status: 'note', detail: `${wanted} on ${host} is in use by ${others}` };
  };
  return [await check('port', port), ...(webhookPort === undefined ? [] : [await check('webhook port', webhookPort)])];
}
