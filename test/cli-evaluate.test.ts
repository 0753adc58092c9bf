// `switchboard evaluate` and the commands for its runs and data sets. Only the run that is killed needs its own process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findOpenEntries } from '../src/base/private-files.ts';
import { noUsage } from '../src/classifiers/classifier.ts';
import { evaluationResultSchema } from '../src/evaluation/score/evaluation-result.ts';
import { startFakeClaude } from '../src/testing/fake-claude.ts';
import { createTempDir, root, runMain } from './cli-harness.ts';

const tree = `
name: A shop
intents:
  - { id: billing, name: Billing, description: Money that was or will be charged. }
  - { id: orders, name: Orders, description: Where an order or a parcel is. }
`;
const examples = [
  'I paid two times|billing',
  'Wrong amount on my bill|billing',
  'Where is my parcel|orders',
  'Parcel not arrived yet|orders',
];
const tickets = Array.from({ length: 30 }, (_, i) =>
  i % 2 === 0 ? `My bill number ${i} has the wrong amount|billing` : `The parcel number ${i} has not arrived|orders`,
);

let dir: ReturnType<typeof createTempDir>;
const write = (name: string, text: string) => writeFileSync(join(dir.path, name), text);
const lines = (texts: readonly string[], prefix: string) =>
  texts.map((line, at) => {
    const [body, intent] = line.split('|');
    return JSON.stringify({ id: `${prefix}-${at}`, body, intent, language: 'en' });
  });

beforeEach(() => {
  dir = createTempDir();
  write('tree.yaml', tree);
  write('examples.jsonl', lines(examples, 'e').join('\n'));
  write('tickets.jsonl', lines(tickets, 't').join('\n'));
  write(
    'switchboard.yaml',
    'taxonomy: tree.yaml\nexamples: [examples.jsonl]\nevaluation: { dataset: tickets.jsonl, required: [routing-accuracy] }\n',
  );
});
afterEach(() => dir[Symbol.dispose]());

const evaluate = (args: readonly string[]) => runMain(['evaluate', ...args], { cwd: dir.path });

describe('switchboard evaluate', () => {
  test.skipIf(!process.env.TEST_PROCESSES)(
    'prints one JSON document, keeps the run, writes report and JUnit, and passes the gate',
    async () => {
      const run = await evaluate(['--json', '--gate', '--report', 'out', '--junit', 'out/junit.xml']);
      expect(run.code, run.stderr).toBe(0);
      const result = evaluationResultSchema.parse(JSON.parse(run.stdout));
      expect(result).toMatchObject({ count: 30, leakage: 0 });
      expect(result.criteria).toHaveLength(12);
      expect(readdirSync(join(dir.path, 'runs'))).toEqual([result.run]);
      expect(readdirSync(join(dir.path, 'out')).sort()).toEqual(['junit.xml', 'report.html', 'report.json']);
      const list = await runMain(['runs', 'list', '--json'], { cwd: dir.path });
      expect(JSON.parse(list.stdout)).toMatchObject([
        { run: result.run, complete: true, calibrations: [], only: null },
      ]);
      expect((await runMain(['runs', 'list'], { cwd: dir.path })).stdout).toMatch(
        /\n {2}tickets\.jsonl; switchboard\.yaml, settings [0-9a-f]{8}; not calibrated\n$/,
      );
      const same = await runMain(['compare', 'latest', result.run, '--json'], { cwd: dir.path });
      expect(JSON.parse(same.stdout)).toMatchObject({ count: 30, verdict: 'no-difference-shown' });
    },
  );

  test('exits 1 when a required criterion has not passed, and names it', async () => {
    write(
      'wrong.jsonl',
      lines(
        tickets.map((line) => line.replace(/\|.*/, '|orders')),
        'w',
      ).join('\n'),
    );
    const run = await evaluate(['--gate', '--dataset', 'wrong.jsonl', '--criteria', 'routing-accuracy']);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('routing-accuracy (missed)');
  });

  test('does not pass the gate on one criterion while others are required', async () => {
    write(
      'switchboard.yaml',
      'taxonomy: tree.yaml\nexamples: [examples.jsonl]\nevaluation: { dataset: tickets.jsonl }\n',
    );
    const run = await evaluate(['--gate', '--criteria', 'routing-accuracy']);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(
      'Gate: not passed. 11 required criteria were not measured, because --criteria leaves them out',
    );
  });

  test('--gate=strict requires certainty, which thirty tickets cannot give', async () => {
    const run = await evaluate(['--gate=strict', '--criteria', 'routing-accuracy']);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('routing-accuracy (not certain)');
  });

  test('leaves out examples that the data set contains', async () => {
    appendFileSync(
      join(dir.path, 'examples.jsonl'),
      `\n${JSON.stringify({ id: 'x', body: 'my BILL number 0 has the wrong amount', intent: 'billing' })}`,
    );
    const run = await evaluate(['--json', '--criteria', 'routing-accuracy']);
    expect(JSON.parse(run.stdout)).toMatchObject({ leakage: 1 });
  });

  test('continues a run with the data set of that run, whatever the configuration names', async () => {
    write('other.jsonl', lines(tickets.slice(0, 4), 'o').join('\n'));
    const once = ['--criteria', 'routing-accuracy', '--json'];
    const first = await evaluate([...once, '--dataset', 'other.jsonl']);
    const { run } = evaluationResultSchema.parse(JSON.parse(first.stdout));
    for (const config of ['evaluation: { dataset: tickets.jsonl }', '']) {
      write('switchboard.yaml', `taxonomy: tree.yaml\nexamples: [examples.jsonl]\n${config}\n`);
      const again = await evaluate([...once, '--resume', 'latest']);
      expect(again.code, again.stderr).toBe(0);
      expect(JSON.parse(again.stdout)).toMatchObject({ run, count: 4 });
    }
  });

  test('a command that needs a data set shows how to name one', async () => {
    write('switchboard.yaml', 'taxonomy: tree.yaml\nexamples: [examples.jsonl]\n');
    const check = await runMain(['dataset', 'check'], { cwd: dir.path });
    expect(check).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('switchboard dataset check tickets.jsonl'),
    });
    const calibrate = await runMain(['calibrate'], { cwd: dir.path });
    expect(calibrate.stderr).toContain('switchboard calibrate --dataset labelled.jsonl');
    const scored = await evaluate([]);
    expect(scored).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('evaluation: { dataset: tickets.jsonl }'),
    });
  });

  test.each([
    ['an unknown criterion', ['--criteria', 'beauty'], 'There is no criterion "beauty"'],
    ['a taxonomy without a data set', ['--taxonomy', 'tree.yaml'], '--taxonomy needs a data set'],
    ['a missing file', ['--dataset', 'nowhere.jsonl'], 'the file of labelled tickets does not exist'],
    ['an unknown run', ['--resume', 'abc'], 'There is no run "abc"'],
    ['an amount that is no number', ['--max-usd', 'much'], '--max-usd must be a number above 0'],
  ])('%s is a clear error', async (_, args, message) => {
    const run = await evaluate(args);
    expect([1, 2]).toContain(run.code);
    expect(run.stderr).toContain(message);
    expect(run.stdout).toBe('');
  });
});

describe('with Claude', () => {
  const answer = {
    reasoning: 'By its words.',
    words: [],
    intent: 'billing',
    urgency: 'normal',
    sentiment: 'neutral',
    certainty: 'sure',
  };

  test.skipIf(!process.env.TEST_PROCESSES)(
    'each ticket is paid for once, --max-usd stops the run, and --resume continues it',
    async () => {
      const fake = await startFakeClaude({ answer: () => answer });
      try {
        const env = { ANTHROPIC_BASE_URL: fake.url, ANTHROPIC_API_KEY: 'test' };
        const args = ['evaluate', '--classifier', 'claude', '--criteria', 'routing-accuracy', '--json'];
        const stopped = await runMain([...args, '--max-usd', '0.0005'], { cwd: dir.path, env });
        expect(stopped.code).toBe(1);
        expect(stopped.stderr).toContain('The limit of --max-usd is reached.');
        const resumed = await runMain([...args, '--resume', 'latest'], { cwd: dir.path, env });
        const result = evaluationResultSchema.parse(JSON.parse(resumed.stdout));
        expect(result).toMatchObject({ count: 30, correct: 15, stages: [{ stage: 'claude', count: 30 }] });
        expect(result.cost.totalUsd).toBeGreaterThan(0.0005);
        expect(fake.requests.filter(({ path }) => path.endsWith('/messages'))).toHaveLength(30);
      } finally {
        await fake.close();
      }
    },
  );

  test('answers of another tool are scored without calling Claude', async () => {
    const prompt = await runMain(['prompt', '--dataset', 'tickets.jsonl', '--out', 'requests.jsonl'], {
      cwd: dir.path,
    });
    expect(prompt.code, prompt.stderr).toBe(0);
    const requests = readFileSync(join(dir.path, 'requests.jsonl'), 'utf8').trim().split('\n');
    const results = requests.map((text) => {
      const { custom_id, params } = JSON.parse(text);
      const message = {
        model: params.model,
        stop_reason: 'end_turn',
        content: [{ type: 'text', text: JSON.stringify(answer) }],
        usage: { input_tokens: 1000, output_tokens: 100, service_tier: 'batch' },
      };
      return JSON.stringify({ custom_id, result: { type: 'succeeded', message } });
    });
    write('results.jsonl', results.slice(1).join('\n'));
    const run = await evaluate(['--replies', 'results.jsonl', '--json']);
    expect(run.code, run.stderr).toBe(0);
    const result = evaluationResultSchema.parse(JSON.parse(run.stdout));
    expect(result).toMatchObject({ count: 29, correct: 14, engine: { kind: 'replies' }, unanswered: { error: 1 } });
    // (1000 · 0.10 + 100 · 0.50) USD per million, and half of that in a batch.
    expect(result.cost.perTicketUsd).toBeCloseTo(75e-6, 10);
  });
});

test('ratings are imported from a file and decide the criterion explainability', async () => {
  const first = await evaluate(['--json', '--criteria', 'explainability,routing-accuracy']);
  const { run } = evaluationResultSchema.parse(JSON.parse(first.stdout));
  const exported = await runMain(['rate', run, '--export', 'rate.csv', '--rater', 'ana', '--count', '12'], {
    cwd: dir.path,
  });
  expect(exported.code, exported.stderr).toBe(0);
  const filled = readFileSync(join(dir.path, 'rate.csv'), 'utf8').replaceAll('"ana","",', '"ana","5",');
  write('rate.csv', filled);
  expect((await runMain(['rate', run, '--import', 'rate.csv'], { cwd: dir.path })).code).toBe(0);
  const again = await evaluate(['--json', '--resume', run, '--criteria', 'explainability,routing-accuracy']);
  expect(evaluationResultSchema.parse(JSON.parse(again.stdout)).criteria[1]).toMatchObject({
    id: 'explainability',
    status: 'passed',
    value: 5,
    n: 12,
  });
});

test('data sets are checked, split and exported', async () => {
  const check = await runMain(['dataset', 'check', '--json', '--no-labels'], { cwd: dir.path });
  expect(check.code).toBe(0);
  expect(JSON.parse(check.stdout)).toMatchObject({ tickets: 30, intents: 2 });
  write(
    'odd.jsonl',
    [
      ...lines(['Same words|billing', 'same words!|orders'], 'o'),
      '{"id":"n","body":"x y","intent":"orders","note":1}',
    ].join('\n'),
  );
  const odd = await runMain(['dataset', 'check', 'odd.jsonl', '--no-labels'], { cwd: dir.path });
  expect(odd.code).toBe(1);
  expect(odd.stderr).toContain('figures would be misleading: conflicting-labels.');
  expect(odd.stdout).toContain('    o-0 is billing, o-1 is orders\n');
  expect(odd.stdout).toMatch(/! 1 field is not read, .*: note \(1 line, first .*odd\.jsonl:3\)/);
  write('misspelt.jsonl', '{"id":"m","body":"x y","intent":"orders","langage":"de","slice":["edge:a"]}');
  const misspelt = await runMain(['dataset', 'check', 'misspelt.jsonl'], { cwd: dir.path });
  expect(misspelt.code).toBe(2);
  expect(misspelt.stderr).toMatch(/misspelt\.jsonl:1: langage is not a field of a ticket\. Did you mean "language"\?/);
  expect(misspelt.stderr).toMatch(/misspelt\.jsonl:1: slice is not a field of a ticket\. Did you mean "slices"\?/);
  const split = await runMain(['dataset', 'split', 'tickets.jsonl', '--out', 'split', '--json'], { cwd: dir.path });
  const { train, test: held } = JSON.parse(split.stdout);
  expect(train + held).toBe(30);
  await runMain(['dataset', 'export', 'tickets.jsonl', '--promptfoo', 'p.json'], { cwd: dir.path });
  const config = JSON.parse(readFileSync(join(dir.path, 'p.json'), 'utf8'));
  expect(config.tests[0]).toMatchObject({ assert: [{ type: 'equals', value: 'billing' }] });
  expect(config.tests[0].vars.ticket).not.toContain('billing');
  expect(await findOpenEntries(join(dir.path, 'split'))).toEqual([]);
});

test.skipIf(!process.env.TEST_PROCESSES)(
  'advice names the engine, its cost and the figures behind each sentence',
  async () => {
    const run = await runMain(['advise', '--json'], { cwd: dir.path });
    expect(run.code, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({
      choice: expect.stringMatching(/^(embedded|cascade|claude)$/),
      costs: { embedded: 0, claude: expect.any(Number) },
      figures: { data: { tickets: 34, intents: 2 } },
    });
  },
);

describe('a run that is killed', () => {
  test.skipIf(!process.env.TEST_PROCESSES).each([1, 14])(
    'at ticket %i gives the same figures when resumed, and classifies again only what had no answer',
    async (deadly) => {
      const asked: string[] = [];
      let killer: (() => void) | null = null;
      const server = createServer(async (request, response) => {
        const { ticket, taxonomy } = JSON.parse(await text(request));
        asked.push(ticket.id);
        if (killer !== null && asked.length >= deadly) return killer(); // and sends no response
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(answerFor(ticket, taxonomy.version)));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : null;
      write('switchboard.yaml', `taxonomy: tree.yaml\nclassifier: { http: 'http://127.0.0.1:${port}/' }\n`);
      const args = ['--dataset', 'tickets.jsonl', '--criteria', 'routing-accuracy', '--concurrency', '2', '--json'];
      try {
        const whole = evaluationResultSchema.parse(JSON.parse((await evaluate(args)).stdout));
        expect(asked.splice(0).sort()).toEqual(tickets.map((_, i) => `t-${i}`).sort());

        const program = [join(root, 'bin', 'switchboard.js'), 'evaluate', ...args, '--runs', 'killed'];
        const env = { PATH: process.env.PATH, HOME: process.env.HOME };
        const victim = spawn(process.execPath, program, { cwd: dir.path, stdio: 'ignore', env });
        killer = () => victim.kill('SIGKILL');
        await once(victim, 'exit');
        killer = null;

        const resumed = await evaluate([...args, '--runs', 'killed', '--resume', 'latest']);
        const result = evaluationResultSchema.parse(JSON.parse(resumed.stdout));
        const bare = { run: '', latencyMs: null, stages: null };
        expect({ ...result, ...bare }).toEqual({ ...whole, ...bare });
        // Two tickets at a time: these had no answer yet when the process was killed.
        const again = asked.length - tickets.length;
        expect(new Set(asked).size).toBe(tickets.length);
        expect(again).toBeGreaterThanOrEqual(1);
        expect(again).toBeLessThanOrEqual(2);
      } finally {
        server.closeAllConnections();
        server.close();
      }
    },
  );
});

function answerFor(ticket: { body: string }, taxonomyVersion: string) {
  return {
    intent: ticket.body.includes('bill') ? 'billing' : 'orders',
    confidence: 0.9,
    abstained: false,
    abstainReason: null,
    reasoning: 'By one word.',
    decidingWords: [],
    runnersUp: [],
    nearestExamples: [],
    secondaryIntents: [],
    urgency: null,
    sentiment: null,
    language: 'en',
    stage: 'claude',
    stageReason: 'a test',
    model: 'own',
    versions: { taxonomy: taxonomyVersion, prompt: null, examples: null, thresholds: null },
    usage: noUsage,
    costUsd: 0.001,
    latencyMs: 25,
  };
}
