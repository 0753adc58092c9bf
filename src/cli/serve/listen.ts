import { createServer as createHttpServer, type Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { tryPort } from '../../base/free-port.ts';
import { codeOf } from '../../base/safe-error.ts';
import { SwitchboardError } from '../../errors.ts';
import { reachableName } from './reachable-name.ts';
import { startingAnswer } from './starting-answer.ts';

/** How many ports are tried after the wanted one. */
const MAX_PORT_STEPS = 50;

type ListenRequest = {
  readonly host: string;
  readonly port: number;
  /** Whether the next free port may be used when this one is taken. */
  readonly mayMove: boolean;
  /** The setting of the port, for messages; `port` when it is missing. */
  readonly setting?: PortSetting;
};

export type PortSetting = 'port' | 'webhookPort';

/** Returns the wanted port, or the next free one if `mayMove`. Throws SwitchboardError when it cannot be listened on. */
export async function choosePort({ host, port, mayMove, setting = 'port' }: ListenRequest): Promise<number> {
  for (let step = 0; ; step += 1) {
    const candidate = port + step;
    const failure = candidate > 65_535 ? 'EADDRINUSE' : await tryPort(host, candidate);
    if (failure === null) return candidate;
    if (failure !== 'EADDRINUSE' || !mayMove || step >= MAX_PORT_STEPS) {
      throw describeListenFailure({ host, port: candidate, failure, setting });
    }
  }
}

/** A port on which requests get a 503; `holder` is null for port 0, which the system chooses later. */
export type HeldPort = {
  readonly port: number;
  readonly setting: PortSetting;
  readonly holder: Server | null;
  release(): Promise<void>;
};

/**
 * Chooses a port like `choosePort`, and keeps it from other programs until a server listens in its place or `release` is
 * called. Requests meanwhile get a 503, which tells clients and load balancers to try again.
 */
export async function holdPort(request: ListenRequest): Promise<HeldPort> {
  const port = await choosePort(request);
  const { setting = 'port' } = request;
  if (port === 0) return { port, setting, holder: null, release: async () => {} };
  const holder = createHttpServer((request, response) => {
    const { headers, body } = startingAnswer(request);
    response.writeHead(503, headers);
    response.end(body);
  });
  // When another program takes the port at this very moment, listening on it fails later with a clear error.
  holder.on('error', () => {});
  holder.unref(); // so that the process can end when the start fails
  await new Promise<void>((resolve) => {
    holder.once('error', () => resolve());
    holder.listen({ host: request.host, port, exclusive: true }, () => resolve());
  });
  const release = () =>
    new Promise<void>((resolve) => {
      holder.close(() => resolve());
      holder.closeAllConnections();
    });
  return { port, setting, holder, release };
}

/**
 * Starts listening in the place of the server that holds the port, so that no connection is refused in between, and returns
 * the URL to show. Throws SwitchboardError when the port cannot be listened on.
 */
export async function listen(
  server: FastifyInstance,
  { host, held }: { host: string; held: Pick<HeldPort, 'port' | 'setting' | 'holder'> },
): Promise<string> {
  const { port, setting, holder } = held;
  try {
    if (holder?.listening === true) await takeOver(server, holder);
    else await server.listen({ host, port });
  } catch (error) {
    const failure = codeOf(error);
    throw failure === null ? error : describeListenFailure({ host, port, failure, setting });
  }
  const address = server.server.address();
  const boundPort = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${reachableName(host)}:${boundPort}`;
}

/** Both servers share the socket from now on, and new connections go to the second one. Fastify does not know of it. */
async function takeOver(server: FastifyInstance, holder: Server): Promise<void> {
  await server.ready();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.server.once('error', reject);
  server.server.listen(holder, resolve);
  await promise;
  server.server.off('error', reject);
  server.server.ref(); // the holder's socket does not keep the process alive
}

/** Ends all connections and frees the port, also after `listen` took it over. */
export async function closeServer(server: FastifyInstance): Promise<void> {
  const closed = server.close();
  server.server.closeAllConnections();
  await closed;
}

function describeListenFailure(options: {
  host: string;
  port: number;
  failure: string;
  setting: PortSetting;
}): SwitchboardError {
  const { host, port, failure, setting } = options;
  const another =
    setting === 'port'
      ? 'choose another port with --port, or let the system choose one with --port 0'
      : 'choose another port for webhooks (server.webhookPort)';
  const messages: Record<string, string> = {
    EADDRINUSE: `Port ${port} on ${host} is taken by another program. Stop it, or ${another}.`,
    EACCES: `This account may not listen on port ${port}. Choose a port from 1024 upwards: server.${setting}${setting === 'port' ? ' or --port' : ''}.`,
    EADDRNOTAVAIL: `This machine has no address ${host}. Correct server.host.`,
    ENOTFOUND: `The host name ${host} cannot be resolved. Correct server.host.`,
  };
  return new SwitchboardError({
    code: 'internal',
    message: messages[failure] ?? `Port ${port} on ${host} could not be opened (${failure}).`,
  });
}
