import { request as httpRequest } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { type PeopleServer, SERVER_TOKEN, startPeopleServer } from '../testing/people-server.ts';
import type { ProxyAuth } from './proxy-auth.ts';

const started: PeopleServer[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) await server[Symbol.asyncDispose]();
});

const actor = { kind: 'token', id: 'api' } as const;
const auth: ProxyAuth = {
  header: 'X-Forwarded-User',
  trusted: ['10.0.0.7', '192.168.0.0/24', 'fd00::/8'],
  newUsers: 'refuse',
};

async function start(changes: Partial<ProxyAuth> = {}) {
  const people = await startPeopleServer({ access: { auth: { ...auth, ...changes } } });
  started.push(people);
  await people.people.addUser({ id: 'ana', name: 'Ana', role: 'lead', actor });
  const me = async (remoteAddress: string, headers: Record<string, string> = {}) => {
    const response = await people.server.inject({
      ...{ method: 'GET', url: '/v1/me', remoteAddress },
      headers: { host: '127.0.0.1', ...headers },
    });
    return response.statusCode === 200 ? response.json() : response.statusCode;
  };
  return { ...people, me };
}

test('the header of a trusted proxy says who it is, in upper or lower case', async () => {
  const { me, people } = await start();
  const ana = { actor: { kind: 'user', id: 'ana' }, name: 'Ana', role: 'lead', signedInBy: 'proxy' };
  for (const address of ['10.0.0.7', '192.168.0.99', 'fd00::1', '::ffff:10.0.0.7']) {
    expect(await me(address, { 'x-forwarded-user': 'ANA' })).toMatchObject(ana);
  }
  expect(await people.listUsers()).toMatchObject([{ id: 'ana', state: 'active' }]);
});

test('from anywhere else the header means nothing, whatever other headers say', async () => {
  const { me } = await start();
  for (const address of ['10.0.0.8', '192.168.1.1', '127.0.0.1', '::1', 'fe80::1']) {
    const headers = { 'x-forwarded-user': 'ana', 'x-forwarded-for': '10.0.0.7', forwarded: 'for=10.0.0.7' };
    expect([address, await me(address, headers)]).toEqual([address, 401]);
  }
});

test('nobody gets in where the proxy names nobody, or the header is not the name of one user', async () => {
  const { me, url } = await start({ trusted: ['127.0.0.1'] });
  expect(await me('127.0.0.1')).toBe(401);
  expect(await me('127.0.0.1', { 'x-forwarded-user': ' ' })).toBe(401);
  for (const name of ['ana, ben', 'ana;admin', '../ana', 'a'.repeat(300)]) {
    expect([name, await me('127.0.0.1', { 'x-forwarded-user': name })]).toEqual([name, 403]);
  }
  // Twice: the one of the proxy, and one that a client has sent and the proxy has not removed.
  const status = await new Promise((resolve, reject) => {
    const headers = ['host', '127.0.0.1', 'x-forwarded-user', 'ana', 'x-forwarded-user', 'ana'];
    httpRequest(`${url}/v1/me`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
  expect(status).toBe(403);
});

test('somebody whom only the proxy knows is refused, or added with the role for new users', async () => {
  const refusing = await start();
  const headers = { 'x-forwarded-user': 'zoe' };
  expect(await refusing.me('10.0.0.7', headers)).toBe(403);
  const adding = await start({ newUsers: 'viewer' });
  expect(await adding.me('10.0.0.7', headers)).toMatchObject({ actor: { id: 'zoe' }, role: 'viewer' });
  await adding.people.changeUser({ id: 'zoe', role: 'agent', actor });
  expect(await adding.me('10.0.0.7', headers)).toMatchObject({ role: 'agent' });
  await adding.people.removeUser({ id: 'zoe', actor });
  expect(await adding.me('10.0.0.7', headers)).toBe(403);
});

test('behind a proxy, programs still send their tokens', async () => {
  const { me, tokenOf } = await start();
  expect(await me('10.0.0.9', { authorization: `Bearer ${SERVER_TOKEN}` })).toMatchObject({ role: 'admin' });
  expect(await me('10.0.0.9', { authorization: `Bearer ${await tokenOf('agent')}` })).toMatchObject({ role: 'agent' });
});
