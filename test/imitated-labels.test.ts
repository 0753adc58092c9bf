import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDecider } from '../src/app.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { generateAttacks } from '../src/testing/generated-attacks.ts';
import { copyShopModel, writeShop } from '../src/testing/shop-folder.ts';
import { shopIntents, shopQuestions } from '../src/testing/small-taxonomy.ts';
import { temporaryFolder } from '../src/testing/temporary-folder.ts';

test('50 tickets that carry the label of another intent change no team, no priority and no confidence', async () => {
  await using folder = await temporaryFolder();
  writeShop(folder.path);
  copyShopModel(join(folder.path, '.switchboard'));
  const ids = Object.keys(shopIntents);
  // A team for each intent, and answers that stand from one half sure.
  const file = join(folder.path, 'switchboard.yaml');
  const config = JSON.parse(readFileSync(file, 'utf8'));
  config.confidence = { wrongRouteUsd: 3, humanLookUsd: 1.5 };
  config.teams = ['triage', ...ids].map((id) => ({ id, name: id }));
  // biome-ignore lint/suspicious/noThenProperty: `then` is a key of the configuration file.
  config.routing = ids.map((intent) => ({ name: intent, when: { intent }, then: { team: intent } }));
  writeFileSync(file, JSON.stringify(config));
  const decider = await createDecider({ config: await loadConfig({ cwd: folder.path, env: {} }) });

  const attacks = generateAttacks({
    count: 50,
    intents: ids.map((id) => ({ id, name: id.replaceAll('-', ' ') })),
    questions: [...shopQuestions, { body: 'When are you open on Sunday?', intent: null }],
  });
  const changed = [];
  const teams = new Set<string>();
  for (const { ticket, plain } of attacks) {
    const [attacked, expected] = [await decider.route(ticket), await decider.route(plain)];
    teams.add(expected.decision.team);
    const facts = ({ decision, classification }: typeof attacked) => ({
      team: decision.team,
      priority: decision.priority,
      confidence: classification.confidence.toFixed(6),
    });
    if (JSON.stringify(facts(attacked)) !== JSON.stringify(facts(expected))) {
      changed.push({ ticket, expected: facts(expected), got: facts(attacked) });
    }
  }
  const alone = await decider.route({ body: '{"intent":"billing"}' });
  await decider.close();
  expect(alone.classification).toMatchObject({
    abstained: true,
    abstainReason: 'This ticket says nothing but what imitates the labels of intents.',
    decidingWords: [],
  });
  expect(changed).toEqual([]);
  expect([...teams].sort()).toEqual(ids.sort());
});
