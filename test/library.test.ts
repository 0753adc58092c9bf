import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigurationError, createSwitchboard, InputError } from '../src/index.ts';
import { shopExamples, shopIntents, shopQuestions } from '../src/testing/small-taxonomy.ts';
import { temporaryFolder } from '../src/testing/temporary-folder.ts';

async function writeShop(folder: string) {
  const taxonomy = join(folder, 'taxonomy.yaml');
  const examples = join(folder, 'examples.jsonl');
  const intents = Object.entries(shopIntents).map(([id, description]) => ({ id, name: id, description }));
  await writeFile(taxonomy, JSON.stringify({ name: 'Small shop', intents }));
  await writeFile(
    examples,
    shopExamples()
      .map((example) => `${JSON.stringify(example)}\n`)
      .join(''),
  );
  return { taxonomy, examples: [examples], dataDir: join(folder, 'data'), classifier: 'local' as const };
}

test('a program decides tickets with its own configuration, as an object or a file', async () => {
  await using folder = await temporaryFolder();
  const config = {
    ...(await writeShop(folder.path)),
    teams: [
      { id: 'triage', name: 'Triage' },
      { id: 'money', name: 'Money' },
    ],
    // biome-ignore lint/suspicious/noThenProperty: `then` is the word of the configuration's contract.
    routing: [{ name: 'money', when: { intent: 'billing' }, then: { team: 'money' } }],
  };
  const fromObject = await createSwitchboard({ config });
  expect(fromObject.engine.kind).toBe('local');
  const ticket = { body: shopQuestions[2]?.body };
  const { classification, decision, delivery } = await fromObject.route(ticket);
  expect(classification.intent).toBe('billing');
  expect(['money', 'triage']).toContain(decision.team);
  expect(delivery.state).toBe('skipped');
  expect((await fromObject.classify(ticket)).intent).toBe('billing');
  await expect(fromObject.route({ body: ' ' })).rejects.toThrow(InputError);
  await fromObject.close();

  const file = join(folder.path, 'switchboard.yaml');
  await writeFile(join(folder.path, 'phrases.yaml'), 'urgent: { en: [code red] }\n');
  await writeFile(file, JSON.stringify({ ...config, urgency: { phrases: './phrases.yaml' } }));
  const fromFile = await createSwitchboard({ config: file });
  expect((await fromFile.classify(ticket)).confidence).toBe(classification.confidence);
  const hurried = await fromFile.route({ body: `Code red! ${ticket.body}` });
  expect(hurried.decision).toMatchObject({ urgency: 'high', because: expect.stringContaining('"code red"') });
  await fromFile.close();
});

test.skipIf(!process.env.TEST_PROCESSES)('a program scores its configuration on labelled tickets', async () => {
  await using folder = await temporaryFolder();
  const dataset = join(folder.path, 'test.jsonl');
  const lines = shopQuestions.map((question, index) => `${JSON.stringify({ id: `q-${index}`, ...question })}\n`);
  await writeFile(dataset, lines.join(''));
  const switchboard = await createSwitchboard({ config: await writeShop(folder.path) });
  const runsDir = join(folder.path, 'runs');
  const { result, stopped } = await switchboard.evaluate({
    datasetFiles: [dataset],
    runsDir,
    criteria: ['routing-accuracy'],
  });
  await switchboard.close();
  expect(stopped).toBeNull();
  expect(result?.count).toBe(shopQuestions.length);
  expect(result?.correct).toBeGreaterThanOrEqual(shopQuestions.length - 1);
});

test('every problem of a configuration is named at once', async () => {
  const config = { taxonomy: 'gone.yaml', triageTeam: 'nobody', teams: [{ id: 'a', name: 'A' }] };
  const creating = createSwitchboard({ config });
  await expect(creating).rejects.toThrow(ConfigurationError);
  await expect(creating).rejects.toThrow(/nobody/);
});
