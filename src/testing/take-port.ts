import { createServer } from 'node:net';

/** Takes a port of loopback that was free. */
export async function takePort(): Promise<{ readonly port: number; release(): Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a port was expected');
  return { port: address.port, release: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

/** A port of loopback that is free now. */
export async function findFreePort(): Promise<number> {
  const { port, release } = await takePort();
  await release();
  return port;
}
