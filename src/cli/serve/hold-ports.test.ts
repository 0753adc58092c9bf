import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { isPortFree } from '../../base/free-port.ts';
import { findFreePort, takePort } from '../../testing/take-port.ts';
import { closeServers, holdPorts, listenOnPorts } from './hold-ports.ts';

const host = '127.0.0.1';

test('the port of the API that is taken moves on, past the port for webhooks', async () => {
  const taken = await takePort();
  const held = await holdPorts({ server: { host, port: taken.port, webhookPort: taken.port + 1 }, mayMove: true });
  expect(held.webhooks?.port).toBe(taken.port + 1);
  expect(held.api.port).toBeGreaterThan(taken.port + 1);
  await held.release();
  await taken.release();
});

test('a port for webhooks that is taken never moves, is named by its setting, and leaves the other port free', async () => {
  const taken = await takePort();
  const port = await findFreePort();
  const holding = holdPorts({ server: { host, port, webhookPort: taken.port }, mayMove: true });
  await expect(holding).rejects.toThrow(
    `Port ${taken.port} on ${host} is taken by another program. Stop it, or choose another port for webhooks (server.webhookPort).`,
  );
  expect(await isPortFree(host, port)).toBe(true);
  await taken.release();
});

test('a port of the API that is taken frees the port for webhooks again', async () => {
  const taken = await takePort();
  const webhookPort = await findFreePort();
  const holding = holdPorts({ server: { host, port: taken.port, webhookPort }, mayMove: false });
  await expect(holding).rejects.toThrow('choose another port with --port');
  expect(await isPortFree(host, webhookPort)).toBe(true);
  await taken.release();
});

test('each server listens on its own port, and closing frees both', async () => {
  const [server, webhookServer] = [Fastify(), Fastify()];
  server.get('/', async () => 'api');
  webhookServer.get('/', async () => 'webhooks');
  const webhookPort = await findFreePort();
  const held = await holdPorts({ server: { host, port: 0, webhookPort }, mayMove: false });
  expect((await fetch(`http://${host}:${webhookPort}`)).status).toBe(503);
  const { url, webhookUrl } = await listenOnPorts({ server, webhookServer }, held);
  expect(webhookUrl).toBe(`http://${host}:${webhookPort}`);
  expect([await (await fetch(url)).text(), await (await fetch(webhookUrl ?? '')).text()]).toEqual(['api', 'webhooks']);
  await closeServers({ server, webhookServer });
  expect(await isPortFree(host, webhookPort)).toBe(true);
});
