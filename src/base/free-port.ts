import { createServer } from 'node:net';
import { codeOf } from './safe-error.ts';

/** Null when the port can be listened on; otherwise the code of the error, such as `EADDRINUSE`. */
export function tryPort(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => resolve(codeOf(error) ?? error.message));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(null)));
  });
}

export async function isPortFree(host: string, port: number): Promise<boolean> {
  return (await tryPort(host, port)) === null;
}
