import type { HttpServers } from '../../http/create-http-servers.ts';
import { closeServer, type HeldPort, holdPort, listen } from './listen.ts';
import { reachableName } from './reachable-name.ts';

/** The ports of a `serve`: that of the API and, where webhooks have their own, that one. */
export type HeldPorts = {
  readonly host: string;
  readonly api: HeldPort;
  readonly webhooks: HeldPort | null;
  release(): Promise<void>;
};

export type ListenUrls = { readonly url: string; readonly webhookUrl: string | null };

/**
 * Keeps the ports until servers listen on them. Helpdesks have the address for webhooks, so that port never moves, and
 * the port of the API does not move there.
 */
export async function holdPorts(options: {
  readonly server: { readonly host: string; readonly port: number; readonly webhookPort?: number | undefined };
  /** Whether the API may take the next free port when its own is taken. */
  readonly mayMove: boolean;
}): Promise<HeldPorts> {
  const { host, port, webhookPort } = options.server;
  const webhooks =
    webhookPort === undefined
      ? null
      : await holdPort({ host, port: webhookPort, mayMove: false, setting: 'webhookPort' });
  try {
    const api = await holdPort({ host, port, mayMove: options.mayMove });
    const release = async () => void (await Promise.all([api.release(), webhooks?.release()]));
    return { host, api, webhooks, release };
  } catch (error) {
    await webhooks?.release();
    throw error;
  }
}

/** The URL of the API that will be served; null where the system chooses the port later. */
export const urlToServe = ({ host, api }: HeldPorts): string | null =>
  api.port === 0 ? null : `http://${reachableName(host)}:${api.port}`;

/** Lets the servers listen on the ports that were held for them. */
export async function listenOnPorts({ server, webhookServer }: HttpServers, held: HeldPorts): Promise<ListenUrls> {
  const { host, api, webhooks } = held;
  return {
    url: await listen(server, { host, held: api }),
    webhookUrl:
      webhookServer === null || webhooks === null ? null : await listen(webhookServer, { host, held: webhooks }),
  };
}

export async function closeServers({ server, webhookServer }: HttpServers): Promise<void> {
  await Promise.all([closeServer(server), ...(webhookServer === null ? [] : [closeServer(webhookServer)])]);
}
