import { expect, test } from 'vitest';
import { checkRunnable } from './check-runnable.ts';
import { loadConfig } from './load-config.ts';
import { serverSettingsSchema } from './server-settings.ts';
import { warnOfAuth } from './warn-of-auth.ts';

const auth = { header: 'X-Forwarded-User', trusted: ['127.0.0.1'] };
const load = async (changes: object, env: Record<string, string> = {}) => {
  const config = await loadConfig({ cwd: '/nowhere', env, overrides: {} });
  const server = serverSettingsSchema.parse({ auth: { ...auth, ...changes } });
  return { ...config, settings: { ...config.settings, server } };
};
const warnings = async (changes: object) => warnOfAuth(await load(changes)).map(({ message }) => message);

test('proxies by their addresses, and new users as viewers, are no reason to warn', async () => {
  expect(await warnings({ trusted: ['127.0.0.1', '::1', '10.0.7.0/24', 'fd00::/120'], newUsers: 'viewer' })).toEqual(
    [],
  );
});

test('ranges in which others may be, and roles that everybody would get, are named', async () => {
  expect(await warnings({ trusted: ['10.0.0.0/8', '::1', 'fd00::/64'] })).toEqual([
    expect.stringContaining('10.0.0.0/8, and each machine in that range can sign in as anybody'),
    expect.stringContaining('fd00::/64'),
  ]);
  expect(await warnings({ newUsers: 'admin' })).toEqual([expect.stringContaining('may do everything')]);
  expect(await warnings({ newUsers: 'lead' })).toEqual([expect.stringContaining('approve corrections')]);
});

test('what could only be a mistake is refused', () => {
  const faultOf = (changes: object) =>
    serverSettingsSchema.safeParse({ auth: { ...auth, ...changes } }).error?.issues[0]?.message ?? null;
  expect(faultOf({})).toBeNull();
  expect(faultOf({ trusted: [] })).toContain('Name the addresses of your proxies');
  expect(faultOf({ trusted: ['0.0.0.0/0'] })).toContain('every address there is');
  expect(faultOf({ trusted: ['::/0'] })).toContain('every address there is');
  expect(faultOf({ trusted: ['proxy.example'] })).toContain('not an IP address');
  for (const header of ['Authorization', 'cookie', 'X-Forwarded-For', 'Host']) {
    expect(faultOf({ header })).toContain('says something else');
  }
  expect(faultOf({ header: 'no header' })).toContain('not the name of a header');
});

test('a proxy that signs in needs a token beside it, for commands and programs', async () => {
  const problems = async (env: Record<string, string>) =>
    checkRunnable(await load({}, env)).filter(({ message }) => message.includes('server.auth'));
  expect(await problems({})).toHaveLength(1);
  expect(await problems({ SWITCHBOARD_TOKEN: 'a-long-random-text' })).toEqual([]);
});
