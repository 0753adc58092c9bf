// Users and tokens from the command line: through a server that has the store open, and directly without one.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createShopDir, runMain } from './cli-harness.ts';
import { startService, type TestService } from './http-harness.ts';

vi.setConfig({ testTimeout: 120_000 });

let dir: ReturnType<typeof createShopDir>;
const cli = (...args: string[]) => runMain(args, { cwd: dir.path });

describe('through the server that has the store open', () => {
  let service: TestService;
  beforeAll(async () => {
    dir = createShopDir();
    service = await startService({ dir: dir.path });
  });
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    dir[Symbol.dispose]();
  });

  test('a user is added, listed, invited again, given another role and removed', async () => {
    expect((await cli('user', 'list')).stderr).toContain('There are no users yet');
    const added = await cli(
      'user',
      'add',
      'Ana',
      '--name',
      'Ana Weiß',
      '--role',
      'lead',
      '--url',
      'https://desk.example/',
    );
    expect(added.code, added.stderr).toBe(0);
    expect(added.stdout).toMatch(/^https:\/\/desk\.example\/invitation\/[\w-]{43}\n$/);
    expect(added.stderr).toContain('ana is invited as lead');
    expect((await cli('user', 'add', 'ana')).stderr).toContain('There is a user "ana" already');

    const invited = JSON.parse((await cli('user', 'invite', 'ana', '--json')).stdout);
    expect(invited).toMatchObject({
      user: { id: 'ana', role: 'lead', state: 'invited' },
      expiresAt: expect.any(String),
    });
    expect(invited.link.startsWith(`${service.url}/invitation/`)).toBe(true);

    expect((await cli('user', 'role', 'ana', 'agent')).stdout).toBe('ana is agent from now on.\n');
    expect((await cli('user', 'list')).stdout).toBe('agent   ana (Ana Weiß), invited\n');
    expect(JSON.parse((await cli('user', 'list', '--json')).stdout)).toMatchObject({ items: [{ id: 'ana' }] });
    expect((await cli('user', 'remove', 'ana')).stdout).toBe('ana is removed and signed out.\n');
    const again = await cli('user', 'remove', 'ana');
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('There is no user "ana"')]);
  });

  test('a token is made, listed without its secret, and removed', async () => {
    const made = await cli('token', 'add', 'form', '--role', 'agent');
    expect(made.code, made.stderr).toBe(0);
    expect(made.stdout).toMatch(/^swb_[\w-]{43}\n$/);
    const listed = await cli('token', 'list');
    expect(listed.stdout).toMatch(/^agent {3}form, never used, made \d{4}-\d\d-\d\d by .+\n$/);
    expect(listed.stdout).not.toContain(made.stdout.trim());
    expect((await cli('token', 'remove', 'form')).stdout).toBe('The token form is removed.\n');
    expect((await cli('token', 'list', '--json')).stdout).toContain('"items": []');
  });

  test('what cannot be an id, a name or a role is refused with exit code 2', async () => {
    for (const args of [
      ['user', 'add', 'not an id'],
      ['user', 'add', 'ben', '--role', 'boss'],
      ['user', 'role', 'ben', 'boss'],
      ['token', 'add', 'a name', '--role', 'agent'],
      ['token', 'add', 'form'],
      ['token', 'add', 'api', '--role', 'agent'],
    ]) {
      const run = await cli(...args);
      expect([args, run.code, run.stdout]).toEqual([args, 2, '']);
    }
  });
});

describe('without a server', () => {
  beforeAll(() => {
    dir = createShopDir();
  });
  afterAll(() => dir[Symbol.dispose]());

  test('a user is added and listed, and a token made, in the store itself', async () => {
    const added = await cli('user', 'add', 'ben');
    expect(added.stdout).toMatch(/^http:\/\/127\.0\.0\.1:3000\/invitation\/[\w-]{43}\n$/);
    expect((await cli('user', 'list')).stdout).toBe('agent   ben, invited\n');
    const made = JSON.parse((await cli('token', 'add', 'form', '--role', 'viewer', '--json')).stdout);
    expect(made).toMatchObject({
      token: { name: 'form', by: { kind: 'user' } },
      secret: expect.stringMatching(/^swb_/),
    });
  });
});
