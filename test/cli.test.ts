import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { resultSchema } from '../src/http/contract.ts';
import { createShopDir, createTempDir, runCli, runMain } from './cli-harness.ts';

// On a busy machine the program needs seconds to start, and some tests here start it.
vi.setConfig({ testTimeout: 120_000 });

const commands = [
  'serve',
  'work',
  'route',
  'rules try',
  'prompt',
  'evaluate',
  'calibrate',
  'compare',
  'runs list',
  'rate',
  'dataset check',
  'dataset split',
  'advise',
  'import examples',
  'examples list',
  'examples export',
  'examples remove',
  'receive',
  'init',
  'migrate',
  'doctor',
  'config check',
];

test.each(commands)('%s has help with an example', async (command) => {
  using dir = createTempDir();
  const { code, stdout } = await runMain([...command.split(' '), '--help'], { cwd: dir.path });
  expect(code).toBe(0);
  expect(stdout).toMatch(/Examples?:\n {2}\$ .*switchboard/);
});

test('an unknown command or option exits with 2 and suggests a similar one', async () => {
  using dir = createTempDir();
  const command = await runMain(['rout'], { cwd: dir.path });
  expect(command.code).toBe(2);
  expect(command.stderr).toContain('Did you mean route?');
  const option = await runMain(['serve', '--prot', '1'], { cwd: dir.path });
  expect(option.code).toBe(2);
  expect(option.stderr).toContain('Did you mean --port?');
  expect(option.stdout).toBe('');
});

test('route --json prints the decision, one document, and stores nothing', async () => {
  using dir = createShopDir({ hasStore: false });
  const text = 'I was charged twice for my order #8842 and want the money back';
  // The real program, as a user starts it; most other tests run the command line in this process.
  const { code, stdout } = await runCli(['route', '--text', text, '--json'], { cwd: dir.path });
  expect(code).toBe(0);
  const { classification, decision } = resultSchema.parse(JSON.parse(stdout));
  expect(classification.intent).toBe('billing');
  expect(classification.stage).toBe('local');
  expect(decision.team).not.toBe('');
  expect(decision.because).not.toBe('');
  const again = await runMain(['route', '--json'], {
    cwd: dir.path,
    stdin: JSON.stringify({ id: 'mine', body: text }),
  });
  expect(resultSchema.parse(JSON.parse(again.stdout))).toMatchObject({
    ticketId: 'mine',
    classification: { intent: classification.intent, confidence: classification.confidence },
  });
});

test('route reads a plain text file and prints the decision with its reasons', async () => {
  using dir = createShopDir({ hasStore: false });
  writeFileSync(join(dir.path, 'mail.txt'), 'How do I reset my password? The link in the mail does not work.');
  const { code, stdout } = await runMain(['route', 'mail.txt'], { cwd: dir.path });
  expect(code).toBe(0);
  for (const name of ['Intent', 'Team', 'Because', 'Reasoning', 'Engine']) expect(stdout).toContain(name);
  expect(stdout).not.toContain('\u001b');
});

test.skipIf(!process.env.TEST_PROCESSES)('no text of a ticket or a file controls the terminal', async () => {
  using dir = createShopDir({ hasStore: false });
  const orders = '\u001b]0;owned\u0007\u001b[8m\u009b2J\u202E';
  const dangerous = /(?!\n)[\p{Cc}\u202E]/u;
  const body = `I was charged ${orders} twice and want my money back`;
  const printed = [
    await runMain(['route'], { cwd: dir.path, stdin: body, env: { FORCE_COLOR: '1' } }),
    await runMain(['route', '--json'], { cwd: dir.path, stdin: JSON.stringify({ id: `t${orders}`, body }) }),
    await runMain(['route'], { cwd: dir.path, stdin: JSON.stringify({ [`body${orders}`]: 'x' }) }),
    await runMain(['route', `no${orders}.txt`], { cwd: dir.path }),
    await runMain(['prompt'], { cwd: dir.path, stdin: JSON.stringify({ id: `t${orders}`, body }) }),
  ];
  for (const { stdout, stderr } of printed) {
    const withoutOurColours = [1, 2, 22].reduce((text, code) => text.replaceAll(`\u001b[${code}m`, ''), stdout);
    expect(withoutOurColours).not.toMatch(dangerous);
    expect(stderr).not.toMatch(dangerous);
  }
  expect(printed.map(({ code }) => code)).toEqual([0, 0, 2, 2, 0]);
  expect(JSON.parse(printed[1]?.stdout ?? '')).toMatchObject({ ticketId: `t${orders}` });

  const lines = ['a', 'b'].map((name) =>
    JSON.stringify({ id: `${name}${orders}`, body: `same ${orders}`, intent: 'billing' }),
  );
  writeFileSync(join(dir.path, 'tickets.jsonl'), lines.join('\n'));
  const check = await runMain(['dataset', 'check', 'tickets.jsonl', '--no-labels'], { cwd: dir.path });
  expect(check).toMatchObject({ code: 0, stdout: expect.stringContaining('owned') });
  expect(check.stdout).not.toMatch(dangerous);
});

test('rules try shows the rule that a ticket meets, and why not the ones above it', async () => {
  using dir = createShopDir({ hasStore: false });
  const file = join(dir.path, 'switchboard.yaml');
  const partners = { domain: 'partner.example', text: ['invoice', { pattern: 'PO-\\d+' }] };
  const money = { intent: 'billing', text: 'charged twice' };
  // biome-ignore-start lint/suspicious/noThenProperty: `then` is a key of the configuration file.
  const routing = [
    { name: 'partners', when: partners, then: { team: 'triage' } },
    { name: 'money', when: money, then: { team: 'money', priority: 'high' } },
  ];
  // biome-ignore-end lint/suspicious/noThenProperty: `then` is a key of the configuration file.
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), routing }));
  const ticket = JSON.stringify({ body: 'I was charged twice for my order', requester: { email: 'a@shop.example' } });
  const shown = await runMain(['rules', 'try'], { cwd: dir.path, stdin: ticket });
  expect(shown.stdout).toContain(
    '1. partners: no, domain is shop.example and must be partner.example; the text does not say invoice or PO-\\d+\n',
  );
  expect(shown.stdout).toContain('2. money: matches\n');
  expect(shown.stdout).toMatch(/^Because Rule "money" matched: .*the text says “charged twice”\.$/m);
  const json = await runMain(['rules', 'try', '--json'], { cwd: dir.path, stdin: ticket });
  expect(JSON.parse(json.stdout)).toMatchObject({
    decision: { rule: 'money' },
    rules: [
      { name: 'partners', matches: false, passedOver: null, checks: [{ field: 'domain', matches: false }, {}] },
      { name: 'money', matches: true },
    ],
  });
});

test('a ticket that cannot be read exits with 2 and says why', async () => {
  using dir = createTempDir();
  const cases = [
    { args: ['route', 'gone.json'], says: /gone\.json cannot be read \(ENOENT\)/ },
    { args: ['route', 'x', '--text', 'y'], says: /either FILE or --text/ },
    { args: ['route'], stdin: '{"body": ', says: /standard input starts like JSON but is not valid/ },
    { args: ['route'], stdin: '', says: /needs a subject or a body/ },
    { args: ['route'], stdin: '{"body": 7}', says: /body: .*expected string/ },
    {
      args: ['route', '--text', 'x', '--classifier', 'best'],
      says: /Allowed choices are auto, local, claude, cascade/,
    },
  ];
  for (const { args, stdin, says } of cases) {
    const { code, stdout, stderr } = await runMain(args, { cwd: dir.path, stdin });
    expect(stderr).toMatch(says);
    expect([args, code, stdout]).toEqual([args, 2, '']);
  }
});

test('config check names every problem with file, line and cure, and exits with 2', async () => {
  using dir = createTempDir();
  const file = join(dir.path, 'switchboard.yaml');
  writeFileSync(
    file,
    ['classifier: best', 'servers: { port: 1 }', 'teams:', '  - { id: a, name: A }', '  - { id: a, name: B }'].join(
      '\n',
    ),
  );
  const { code, stderr } = await runMain(['config', 'check'], { cwd: dir.path });
  expect(code).toBe(2);
  for (const line of [1, 2, 5]) expect(stderr).toContain(`${file}:${line}: `);
  const json = await runMain(['config', 'check', '--json'], { cwd: dir.path });
  expect(json.code).toBe(2);
  const { ok, problems } = z
    .object({ ok: z.boolean(), problems: z.array(z.object({ line: z.number().nullable(), cure: z.string() })) })
    .parse(JSON.parse(json.stdout));
  expect(ok).toBe(false);
  expect(problems.length).toBeGreaterThanOrEqual(3);
  // Every other command refuses the same file the same way.
  for (const command of [['route', '--text', 'x'], ['serve'], ['migrate']]) {
    const refused = await runMain(command, { cwd: dir.path });
    expect([command, refused.code]).toEqual([command, 2]);
    expect(refused.stderr).toContain(`${file}:1: `);
  }
});

test('config check counts what a valid configuration has', async () => {
  using dir = createTempDir();
  const { code, stdout, stderr } = await runMain(['config', 'check', '--json'], { cwd: dir.path });
  expect(code).toBe(0);
  expect(stderr).toContain('using the sample company');
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, file: null, intents: 43 });
});

test('config check warns of what is allowed but probably a mistake', async () => {
  using dir = createShopDir({ hasStore: false });
  const file = join(dir.path, 'switchboard.yaml');
  const config = {
    ...JSON.parse(readFileSync(file, 'utf8')),
    teams: [
      { id: 'money', name: 'Money' },
      { id: 'idle', name: 'Idle' },
      { id: 'triage', name: 'Triage' },
    ],
    urgency: { phrases: { outage: { en: ['the belt stands still'] } } },
  };
  writeFileSync(file, JSON.stringify(config, null, 1));
  const { code, stdout } = await runMain(['config', 'check'], { cwd: dir.path });
  expect(code).toBe(0);
  expect(stdout).toMatch(/can be used: .*, 1 phrase\./);
  expect(stdout).toMatch(/switchboard\.yaml:\d+: no rule leads to the team "idle". Add a rule/);
  const json = await runMain(['config', 'check', '--json'], { cwd: dir.path });
  expect(JSON.parse(json.stdout)).toMatchObject({ ok: true, phrases: 1, problems: [] });
  expect(json.stdout).toContain('no rule leads to the team');
});

test('serve exits with 2 without a configuration, and on an open address without a token', async () => {
  using dir = createTempDir();
  const without = await runMain(['serve'], { cwd: dir.path });
  expect(without.code).toBe(2);
  expect(without.stderr).toContain('serve --demo');
  const open = await runMain(['serve', '--demo'], { cwd: dir.path, env: { SWITCHBOARD_SERVER__HOST: '0.0.0.0' } });
  expect(open.code).toBe(2);
  expect(open.stderr).toContain('SWITCHBOARD_TOKEN');
});

test('serve and work exit with 2 and the problems that config check names, each only with those of its own', async () => {
  using dir = createShopDir({ hasStore: false });
  const file = join(dir.path, 'switchboard.yaml');
  const config = {
    ...JSON.parse(readFileSync(file, 'utf8')),
    server: { host: '0.0.0.0' },
    classifier: 'claude',
    retrieval: { embedder: { type: 'voyage', model: 'voyage-4' } },
  };
  writeFileSync(file, JSON.stringify(config, null, 1));
  // Nothing listens at this address: a command that opened the database would fail with another message.
  const env = { DATABASE_URL: 'postgres://127.0.0.1:1/nowhere' };
  const run = async (...args: string[]) => {
    const { code, stderr } = await runMain(args, { cwd: dir.path, env });
    expect([args, code]).toEqual([args, 2]);
    return stderr.split('\n').filter((line) => line.startsWith('  '));
  };
  const [binding, ...keys] = await run('config', 'check');
  expect(binding).toMatch(/switchboard\.yaml:\d+: server\.host .*SWITCHBOARD_TOKEN/);
  expect(keys).toHaveLength(2);
  expect(await run('serve')).toEqual([binding, ...keys]);
  expect(await run('serve', '--no-worker')).toEqual([binding]);
  expect(await run('work')).toEqual(keys);
});

test('a worker alone and a server without a worker exit with 2 without a shared database', async () => {
  using dir = createTempDir();
  for (const args of [['work'], ['serve', '--demo', '--no-worker']]) {
    const { code, stderr } = await runMain(args, { cwd: dir.path });
    expect([args, code]).toEqual([args, 2]);
    expect(stderr).toContain('Set DATABASE_URL to a PostgreSQL');
  }
});

test('a taken port that --port names is a clear error', async () => {
  using dir = createTempDir();
  const holder = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  const address = holder.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const { code, stderr } = await runMain(['serve', '--demo', '--port', `${port}`], { cwd: dir.path });
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is taken`);
    expect(stderr).toContain('--port');
  } finally {
    holder.close();
  }
});

test.skipIf(!process.env.TEST_PROCESSES)('a data folder that cannot be written to is a clear error', async () => {
  using dir = createTempDir();
  writeFileSync(join(dir.path, 'file'), '');
  for (const args of [['migrate'], ['serve', '--demo', '--port', '0']]) {
    // `serve` runs in its own process because it leaves handlers for the end of the process.
    const run = args[0] === 'serve' ? runCli : runMain;
    const { code, stderr } = await run([...args, '--data', 'file/below'], { cwd: dir.path });
    expect([args, code]).toEqual([args, 1]);
    expect(stderr).toContain(join('file', 'below'));
    expect(stderr).toContain('--data');
  }
  const { code, stdout } = await runMain(['doctor', '--data', 'file/below', '--json'], { cwd: dir.path });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false });
});

test('doctor finds no problem in an empty folder, and names a missing key', async () => {
  using dir = createTempDir();
  const sound = await runMain(['doctor'], { cwd: dir.path });
  expect(sound.code).toBe(0);
  expect(sound.stdout).toMatch(/✓ node +v/);
  expect(sound.stdout).toMatch(/• engine +no ANTHROPIC_API_KEY/);
  const env = { SWITCHBOARD_CLASSIFIER: 'claude' };
  const broken = await runMain(['doctor', '--json'], { cwd: dir.path, env });
  expect(broken.code).toBe(1);
  const { findings } = z
    .object({ findings: z.array(z.object({ check: z.string(), status: z.string() })) })
    .parse(JSON.parse(broken.stdout));
  expect(findings).toContainEqual(expect.objectContaining({ check: 'engine', status: 'failed' }));
});
