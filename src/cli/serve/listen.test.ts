import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { holdPort, isPortFree } from './listen.ts';

const host = '127.0.0.1';

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new TypeError('a port was expected');
  return address.port;
}

test('while a server starts, its port is held and says when to try again', async () => {
  const held = await holdPort({ host, port: await findFreePort(), mayMove: true });
  expect(await isPortFree(host, held.port)).toBe(false);
  const response = await fetch(`http://${host}:${held.port}/v1/tickets`, { method: 'POST', body: '{}' });
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('2');
  expect(await response.json()).toMatchObject({ code: 'starting', detail: expect.stringContaining('Try again') });
  await held.release();
  expect(await isPortFree(host, held.port)).toBe(true);
});
