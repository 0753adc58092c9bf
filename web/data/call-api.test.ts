import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { callApi } from './call-api.ts';

test.each([
  [200, { status: null, code: 'unreachable' }],
  [502, { status: 502, code: 'unknown' }],
])('a page of a proxy with status %i in place of the server is an error like others', async (status, expected) => {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end('<html>Please wait</html>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await expect(callApi(`http://127.0.0.1:${port}/v1/me`)).rejects.toMatchObject({ name: 'ApiError', ...expected });
  server.close();
});
