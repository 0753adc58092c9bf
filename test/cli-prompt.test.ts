import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkBody, isApiError } from '../src/testing/fake-claude-request.ts';
import { createTempDir, runMain } from './cli-harness.ts';

const tree = `
name: A shop
intents:
  - { id: billing, name: Billing, description: Money that was or will be charged. }
  - { id: orders, name: Orders, description: Where an order is. }
`;
const cases = [
  { id: 't-1', body: 'I was charged twice, mail ana@example.org', intent: 'billing' },
  { id: 'ticket with spaces/2', body: 'Where is order 5512?', intent: 'orders' },
];

function setUp(dir: string): void {
  writeFileSync(join(dir, 'tree.yaml'), tree);
  writeFileSync(join(dir, 'cases.jsonl'), cases.map((one) => JSON.stringify(one)).join('\n'));
}

describe('switchboard prompt', () => {
  test('prints the exact request of one ticket, redacted, which a strict server accepts', async () => {
    using dir = createTempDir();
    setUp(dir.path);
    const run = await runMain(['prompt', '--taxonomy', 'tree.yaml', '--text', cases[0]?.body ?? ''], { cwd: dir.path });
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('claude-haiku-5-5, flat');
    const request: unknown = JSON.parse(run.stdout);
    expect(isApiError(checkBody(request))).toBe(false);
    expect(run.stdout).toContain('mail [EMAIL_1]');
    expect(run.stdout).not.toContain('ana@example.org');
  });

  test('writes one batch line per ticket, with ids that a batch accepts and a cache lifetime of an hour', async () => {
    using dir = createTempDir();
    setUp(dir.path);
    const args = ['prompt', '--taxonomy', 'tree.yaml', '--dataset', 'cases.jsonl', '--out', 'requests.jsonl'];
    const run = await runMain(args, { cwd: dir.path });
    expect([run.code, run.stdout]).toEqual([0, '']);
    const lines = readFileSync(join(dir.path, 'requests.jsonl'), 'utf8').trim().split('\n');
    const requests = lines.map((line): { custom_id: string; params: unknown } => JSON.parse(line));
    expect(requests[0]?.custom_id).toBe('t-1');
    expect(requests[1]?.custom_id).toMatch(/^h-[0-9a-f]{40}$/);
    for (const { params } of requests) expect(isApiError(checkBody(params))).toBe(false);
    expect(lines[0]).toContain('"ttl":"1h"');
  });

  test('says that no engine would be asked about automatic mail', async () => {
    using dir = createTempDir();
    setUp(dir.path);
    const ticket = { subject: 'Automatic reply: Your order', body: 'I am out of the office until Monday.' };
    writeFileSync(join(dir.path, 'away.json'), JSON.stringify(ticket));
    const run = await runMain(['prompt', '--taxonomy', 'tree.yaml', 'away.json'], { cwd: dir.path });
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('This is automatic mail (An automatic reply of somebody who is away');
    expect(isApiError(checkBody(JSON.parse(run.stdout)))).toBe(false);

    const away = { ...ticket, id: 'away', intent: null, outOfScope: true };
    writeFileSync(join(dir.path, 'cases.jsonl'), [...cases, away].map((one) => JSON.stringify(one)).join('\n'));
    const batch = await runMain(['prompt', '--taxonomy', 'tree.yaml', '--dataset', 'cases.jsonl'], { cwd: dir.path });
    expect(batch.stdout.trim().split('\n')).toHaveLength(2);
    expect(batch.stderr).toContain('2 requests');
    expect(batch.stderr).toContain('No request for 1 ticket of automatic mail');
  });

  test('accepts one ticket or a data set, not both', async () => {
    using dir = createTempDir();
    setUp(dir.path);
    const run = await runMain(['prompt', '--text', 'a', '--dataset', 'cases.jsonl'], { cwd: dir.path });
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain('not both');
  });
});
