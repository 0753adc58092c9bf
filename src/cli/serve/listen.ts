import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { codeOf } from '../../base/safe-error.ts';
import { SwitchboardError } from '../../errors.ts';

/** Ports tried after the wanted one. */
const MAX_PORT_STEPS = 50;

type ListenRequest = {
  readonly host: string;
  readonly port: number;
  /** Whether the next free port will do when this one is taken. */
  readonly mayMove: boolean;
};

/** The wanted port, or the next free one where that will do. Throws when it is taken or may not be bound. */
export async function choosePort({ host, port, mayMove }: ListenRequest): Promise<number> {
  for (let step = 0; ; step += 1) {
    const candidate = port + step;
    const failure = candidate > 65_535 ? 'EADDRINUSE' : await tryPort(host, candidate);
    if (failure === null) return candidate;
    if (failure !== 'EADDRINUSE' || !mayMove || step >= MAX_PORT_STEPS) {
      throw describeListenFailure({ host, port: candidate, failure });
    }
  }
}

/** `choosePort`, and the port is kept from other programs until `release`. */
export async function holdPort(request: ListenRequest): Promise<{ port: number; release(): Promise<void> }> {
  const port = await choosePort(request);
  if (port === 0) return { port, release: async () => {} };
  const holder = createServer((socket) => socket.destroy());
  // Who takes it in this moment is found out by whoever listens next.
  holder.on('error', () => {});
  holder.unref(); // a start that fails ends the process
  await new Promise<void>((resolve) => {
    holder.once('error', () => resolve());
    holder.listen({ host: request.host, port, exclusive: true }, () => resolve());
  });
  return { port, release: () => new Promise((resolve) => holder.close(() => resolve())) };
}

/** Answers the address to show. */
export async function listen(server: FastifyInstance, { host, port }: { host: string; port: number }): Promise<string> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    const failure = codeOf(error);
    throw failure === null ? error : describeListenFailure({ host, port, failure });
  }
  const address = server.server.address();
  const boundPort = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${reachableName(host)}:${boundPort}`;
}

/** What a browser on this machine can open. */
function reachableName(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

export async function isPortFree(host: string, port: number): Promise<boolean> {
  return (await tryPort(host, port)) === null;
}

function tryPort(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => resolve(codeOf(error) ?? error.message));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(null)));
  });
}

function describeListenFailure(options: { host: string; port: number; failure: string }): SwitchboardError {
  const { host, port, failure } = options;
  const messages: Record<string, string> = {
    EADDRINUSE: `Port ${port} on ${host} is taken by another program. Stop it, choose another with --port, or let the system choose with --port 0.`,
    EACCES: `This account may not listen on port ${port}. Choose one from 1024 on with --port.`,
    EADDRNOTAVAIL: `This machine has no address ${host}. Correct server.host.`,
    ENOTFOUND: `The name ${host} is not known here. Correct server.host.`,
  };
  return new SwitchboardError({
    code: 'internal',
    message: messages[failure] ?? `Port ${port} on ${host} could not be opened (${failure}).`,
  });
}
