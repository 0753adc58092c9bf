import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { isPortFree } from '../../base/free-port.ts';
import { findFreePort } from '../../testing/take-port.ts';
import { closeServer, holdPort, listen } from './listen.ts';

const host = '127.0.0.1';

test('while a server starts, its port is held and says when to try again', async () => {
  const held = await holdPort({ host, port: await findFreePort(), mayMove: true });
  expect(await isPortFree(host, held.port)).toBe(false);
  const response = await fetch(`http://${host}:${held.port}/v1/tickets`, { method: 'POST', body: '{}' });
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('2');
  expect(await response.json()).toMatchObject({ code: 'starting', detail: expect.stringContaining('Try again') });
  const page = await fetch(`http://${host}:${held.port}/`, { headers: { accept: 'text/html' } });
  expect(page.status).toBe(503);
  expect(await page.text()).toContain('Switchboard is starting');
  await held.release();
  expect(await isPortFree(host, held.port)).toBe(true);
});

test('no request is refused while a server takes over the held port, and closing it frees the port', async () => {
  const held = await holdPort({ host, port: await findFreePort(), mayMove: true });
  const server = Fastify();
  server.get('/', async () => 'started');
  const statuses: number[] = [];
  const asking = (async () => {
    while (statuses.at(-1) !== 200) statuses.push((await fetch(`http://${host}:${held.port}/`)).status);
  })();
  while (statuses.length < 3) await new Promise((resolve) => setImmediate(resolve));
  expect(await listen(server, { host, held })).toBe(`http://${host}:${held.port}`);
  await asking;
  expect(new Set(statuses)).toEqual(new Set([503, 200]));
  await closeServer(server);
  expect(await isPortFree(host, held.port)).toBe(true);
});
