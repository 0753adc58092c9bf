import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { loadConfig } from './load-config.ts';
import { warnOfDanger } from './warn-of-danger.ts';

async function warningsOf(rules: string) {
  await using folder = await temporaryFolder();
  await writeFile(
    join(folder.path, 'switchboard.yaml'),
    `taxonomy: t.yaml
triageTeam: desk
teams: [{ id: desk, name: Desk }, { id: duty, name: Duty manager }]
slas: { slow: { firstResponse: 1h }, fast: { firstResponse: 5m } }
routing: ${rules}
`,
  );
  return warnOfDanger(await loadConfig({ cwd: folder.path, env: {} }));
}

test('names the lack of a rule for critical tickets, with a rule to add', async () => {
  const [warning, ...others] = await warningsOf('[{ name: all, then: { team: desk } }]');
  expect(others).toEqual([]);
  expect(warning).toMatchObject({ line: 5 });
  expect(warning?.message).toMatch(/^no rule looks at `urgency: critical`/);
  const [line] = warning?.cure.match(/\{ name: .* \} \}/) ?? [];
  expect(line).toContain('sla: fast');
  // The rule is valid as it stands.
  expect(await warningsOf(`[${line}]`)).toEqual([]);
});

test('names the lack of one that counts where no engine is sure', async () => {
  const [warning] = await warningsOf('[{ name: danger, when: { urgency: critical }, then: { team: duty } }]');
  expect(warning?.message).toMatch(/^no rule for the team "desk" looks at `urgency: critical`/);
});

test('is quiet where tickets in danger have a rule in triage, and where there are no rules', async () => {
  expect(await warningsOf('[{ name: danger, when: { urgency: [high, critical] }, then: { team: desk } }]')).toEqual([]);
  expect(await warningsOf('[]')).toEqual([]);
});
