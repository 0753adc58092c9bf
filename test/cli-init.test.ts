// `switchboard init` by a file of answers, as a script uses it, and the configuration that it writes.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { fakeZendeskEmail, fakeZendeskToken, startFakeZendesk } from '../src/testing/fake-zendesk.ts';
import { createTempDir, runMain } from './cli-harness.ts';

const fileDesk = { type: 'file', taxonomy: 'sample', examples: 'none' };

function write(dir: string, answers: object | string): void {
  writeFileSync(join(dir, 'answers.yaml'), typeof answers === 'string' ? answers : JSON.stringify(answers));
}
const initIn = (cwd: string, ...more: string[]) => runMain(['init', '--answers', 'answers.yaml', ...more], { cwd });

test('without a terminal and without answers it says what to do', async () => {
  using dir = createTempDir();
  const { code, stdout, stderr } = await runMain(['init'], { cwd: dir.path });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('There is no terminal to ask at. Give the answers in a file');
});

test('what it writes is valid, and it says what comes next', async () => {
  using dir = createTempDir();
  write(dir.path, fileDesk);
  const { code, stdout } = await initIn(dir.path, '--dir', 'desk');
  expect(code).toBe(0);
  expect(stdout).toContain('taxonomy.yaml, switchboard.yaml');
  expect(stdout).toContain('switchboard serve --config desk/switchboard.yaml');
  const checked = await runMain(['config', 'check', '--config', 'desk/switchboard.yaml', '--json'], { cwd: dir.path });
  expect([checked.code, JSON.parse(checked.stdout)]).toMatchObject([0, { ok: true, problems: [] }]);
});

test('all answers that lack are listed at once', async () => {
  using dir = createTempDir();
  write(dir.path, { webhook: true, examples: 'file' });
  const none = await initIn(dir.path);
  expect(none.code).toBe(2);
  for (const name of ['type: one of file', 'taxonomy: one of', 'webhookUrl:', 'examplesFile:']) {
    expect(none.stderr).toContain(`  ${name}`);
  }
  expect(existsSync(join(dir.path, 'switchboard.yaml'))).toBe(false);
});

test('answers with unknown names or wrong values are listed with their line', async () => {
  using dir = createTempDir();
  write(dir.path, 'type: file\ntaxonomi: sample\nsecretsTo: nowhere\n');
  const { code, stderr } = await initIn(dir.path);
  expect(code).toBe(2);
  expect(stderr).toMatch(/answers\.yaml:2: taxonomi is not a known field/);
  expect(stderr).toMatch(/answers\.yaml:3: secretsTo/);
});

test('nothing is replaced unless the answers say so', async () => {
  using dir = createTempDir();
  writeFileSync(join(dir.path, 'switchboard.yaml'), 'mine');
  write(dir.path, fileDesk);
  const refused = await initIn(dir.path);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('`overwrite: true`')]);
  expect(readFileSync(join(dir.path, 'switchboard.yaml'), 'utf8')).toBe('mine');
  write(dir.path, { ...fileDesk, overwrite: true });
  expect((await initIn(dir.path)).code).toBe(0);
});

test('with --json it prints what was written, with the secrets that are in no file', async () => {
  using dir = createTempDir();
  // The prefix is asked of nobody.
  const receive = { id: 'id', body: 'text', signature: { header: 'X-Signature', prefix: 'sha256=' } };
  const signed = { type: 'webhook', taxonomy: 'sample', settings: { receive }, secrets: { WEBHOOK_SECRET: 'XYZZY' } };
  write(dir.path, { ...signed, name: 'help-desk', webhook: true, webhookUrl: 'https://hooks.example' });
  const { code, stdout } = await initIn(dir.path, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    files: ['taxonomy.yaml', 'examples.jsonl', 'switchboard.yaml'],
    connector: { name: 'help-desk', mode: 'shadow' },
    environment: { SWITCHBOARD_CONNECTORS__HELP_DESK__WEBHOOK_SECRET: 'XYZZY' },
    webhook: { url: 'https://hooks.example/webhooks/help-desk', state: 'by-hand' },
    next: ['switchboard config check', 'switchboard doctor', 'switchboard serve'],
  });
  const written = readFileSync(join(dir.path, 'switchboard.yaml'), 'utf8');
  expect(parse(written)).toMatchObject({ connectors: { 'help-desk': { receive } } });
  expect(written).not.toContain('XYZZY');
});

test('settings that the helpdesk cannot have end it before anything is written', async () => {
  using dir = createTempDir();
  write(dir.path, { type: 'webhook', taxonomy: 'sample', settings: { receive: { id: 'a b' } } });
  const { code, stderr } = await initIn(dir.path);
  expect(code).toBe(2);
  expect(stderr).toContain('settings.receive.id cannot be used');
  expect(existsSync(join(dir.path, 'switchboard.yaml'))).toBe(false);
});

test('settings and secrets that the type does not have are named', async () => {
  using dir = createTempDir();
  write(dir.path, { ...fileDesk, secrets: { TOKEN: 'x' } });
  expect((await initIn(dir.path)).stderr).toContain('The type file has no secret TOKEN. It has none.');
  write(dir.path, { ...fileDesk, settings: { pathe: 'x' } });
  const { code, stderr } = await initIn(dir.path);
  expect([code, stderr]).toEqual([2, expect.stringContaining('pathe is not a known field')]);
});

test('a path is relative to the file that is written, also for the check', async () => {
  using dir = createTempDir();
  mkdirSync(join(dir.path, 'desk', 'incoming'), { recursive: true });
  write(dir.path, {
    type: 'folder',
    taxonomy: 'sample',
    examples: 'none',
    settings: { path: 'incoming', format: 'csv' },
  });
  const { code, stdout } = await initIn(dir.path, '--dir', 'desk', '--json');
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { findings: [{ status: 'ok' }] }]);
  const { connectors } = parse(readFileSync(join(dir.path, 'desk', 'switchboard.yaml'), 'utf8'));
  expect(connectors).toEqual({ desk: { type: 'folder', path: 'incoming', format: 'csv', mode: 'shadow' } });
});

test('Zendesk is connected: its key is tested, its groups become teams, and it makes the webhook', async () => {
  await using zendesk = await startFakeZendesk();
  const group = zendesk.addGroup('Account management');
  using dir = createTempDir();
  const run = async (token: string) => {
    write(dir.path, {
      ...{ type: 'zendesk', settings: { url: zendesk.url, email: fakeZendeskEmail }, secrets: { TOKEN: token } },
      ...{ taxonomy: 'sample', examples: 'none', webhook: true, webhookUrl: 'https://hooks.acme.example' },
    });
    return initIn(dir.path, '--json');
  };
  const refused = await run('wrong');
  expect([refused.code, refused.stdout]).toEqual([2, '']);
  expect(refused.stderr).toContain('This does not work yet:');
  expect(refused.stderr).toContain('(401)');
  expect(zendesk.webhooks.webhooks).toEqual([]);

  const { code, stdout } = await run(fakeZendeskToken);
  const [webhook] = zendesk.webhooks.webhooks;
  expect(webhook?.endpoint).toBe('https://hooks.acme.example/webhooks/desk');
  const result = JSON.parse(stdout);
  expect([code, result]).toMatchObject([
    0,
    {
      webhook: { url: webhook?.endpoint, state: 'created' },
      environment: {
        SWITCHBOARD_CONNECTORS__DESK__TOKEN: fakeZendeskToken,
        SWITCHBOARD_CONNECTORS__DESK__WEBHOOK_SECRET: webhook?.secret,
      },
    },
  ]);
  const team = { id: 'account-management', name: 'Account management', group: String(group.id) };
  expect(result.teams).toContainEqual(team);
  const checked = await runMain(['config', 'check', '--json'], { cwd: dir.path, env: result.environment });
  expect([checked.code, JSON.parse(checked.stdout)]).toMatchObject([0, { ok: true }]);
});
