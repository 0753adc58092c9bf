import { existsSync, mkdtempSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseTaxonomy } from '../../taxonomy/parse-taxonomy.ts';
import { describeClassifier } from '../../testing/classifier-suite.ts';
import { describeExampleIndex, describeForeignTickets } from '../../testing/example-index-suite.ts';
import { sampleCalibration } from '../../testing/sample-calibration.ts';
import { shopExamples, shopIntents, shopQuestions, smallTaxonomy } from '../../testing/small-taxonomy.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import type { Classification } from '../classifier.ts';
import type { Example, ExampleIndex } from '../retrieval/example-index.ts';
import { createLocalClassifier, type LocalClassifier, type LocalClassifierOptions } from './create-local-classifier.ts';
import { EngineClient } from './engine-client.ts';

const taxonomy = smallTaxonomy(shopIntents);
const create = (options: Partial<LocalClassifierOptions> = {}) =>
  createLocalClassifier({
    taxonomy,
    examples: shopExamples(),
    cacheDir: null,
    confidence: { targetPrecision: 0.8 },
    ...options,
  });
const disposable = async (options: Partial<LocalClassifierOptions> = {}) => {
  const classifier = await create(options);
  return Object.assign(classifier, { [Symbol.asyncDispose]: () => classifier.close() });
};
const temporaryFolder = async () => {
  const path = await mkdtemp(join(tmpdir(), 'switchboard-local-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
};
const idsOf = (examples: readonly LabelledTicket[]) => new Set(examples.map(({ id }) => id));
const ask = (classifier: LocalClassifier, body: string) => classifier.classify({ ticket: { id: 't', body }, taxonomy });

// The engines of a suite have the same examples: the first one trains, the others load its model.
const suiteCache = mkdtempSync(join(tmpdir(), 'switchboard-local-'));
afterAll(() => rm(suiteCache, { recursive: true, force: true }));
/** For tests that train engines of their own, which takes seconds: only with TEST_PROCESSES, which .ci/run sets. */
const testTraining = test.skipIf(!process.env.TEST_PROCESSES);

describeClassifier('the embedded engine', (options) => create({ ...options, cacheDir: suiteCache }));
describeExampleIndex('the embedded engine', createIndex);
describeForeignTickets('the embedded engine', createIndex);

async function createIndex(examples: readonly Example[]): Promise<ExampleIndex> {
  const classifier = await create({ examples, cacheDir: suiteCache });
  return {
    ...classifier.index,
    get version() {
      return classifier.index.version;
    },
    close: () => classifier.close(),
  };
}

describe('the embedded engine', () => {
  let classifier: LocalClassifier;
  beforeAll(async () => {
    classifier = await create({ quotable: idsOf(shopExamples()), cacheDir: suiteCache });
  });
  afterAll(() => classifier.close());

  test('names the right intent for new wordings', async () => {
    for (const { body, intent } of shopQuestions) expect((await ask(classifier, body)).intent, body).toBe(intent);
  });

  test('quotes the nearest of the company’s own examples and the most important words as written in the ticket', async () => {
    const answer = await ask(classifier, 'Hello, my PARCEL has not come. Where is it?');
    expect(answer.nearestExamples[0]?.intent).toBe('shipping');
    expect(answer.reasoning).toMatch(/^For shipping: closest to “.*parcel.*”.*the words? “PARCEL”/);
    expect(answer.decidingWords.join(' ')).toContain('PARCEL');
  });

  test('leaves a ticket that is like no example to people, also where a calibration trusts every answer', async () => {
    const calibration = sampleCalibration({ taxonomy: taxonomy.version, rightOf100: 100, day: 1 });
    await using calibrated = await disposable({
      cacheDir: suiteCache,
      calibrations: { get: (engine) => (engine === 'local' ? calibration : null) },
    });
    const known = await ask(calibrated, 'Where is my parcel?');
    expect(known).toMatchObject({ intent: 'shipping', abstained: false });
    expect(known.versions.thresholds).toContain(calibration.version);
    const strange = await ask(calibrated, 'Which band is playing in the park on Sunday, and where is a good café?');
    expect(strange).toMatchObject({ abstained: true, isUnfamiliar: true, abstainReason: expect.any(String) });
  });

  test('says why after a calibration: figures, reasons and stage agree', async () => {
    const calibration = sampleCalibration({ taxonomy: taxonomy.version, rightOf100: 40, day: 1 });
    await using calibrated = await disposable({
      cacheDir: suiteCache,
      calibrations: { get: (engine) => (engine === 'local' ? calibration : null) },
    });
    const text = 'Where is my parcel, and can I send it back when it comes?';
    const [before, after] = [await ask(classifier, text), await ask(calibrated, text)];
    expect(after.confidence).toBeLessThan(before.confidence);
    expect(after).toMatchObject({ abstained: true, stageReason: 'The embedded engine is not sure enough.' });
    expect(after.reasoning).toContain('To be sure, it would need');
    const [rival] = after.runnersUp;
    expect(rival?.confidence).toBeLessThanOrEqual(after.confidence);
    for (const [, figure] of after.reasoning.matchAll(/For [\w ]+ \((\d+) %\)/g)) {
      expect(Number(figure)).toBe(Math.floor(100 * (rival?.confidence ?? 0)));
    }
  });

  testTraining(
    'decides the words of an own example by the example, whatever confidence a calibration asks for',
    async () => {
      const calibration = sampleCalibration({ taxonomy: taxonomy.version, rightOf100: 0, day: 1 });
      const calibrations = { get: (engine: string) => (engine === 'local' ? calibration : null) };
      const example = { id: 'own', body: 'The box has not come and I leave on Friday', intent: 'shipping' };
      const examples = [...shopExamples(), example];
      const open = (options: Partial<LocalClassifierOptions>) => disposable({ calibrations, examples, ...options });
      await using own = await open({ quotable: new Set(['own']) });
      const answer = await ask(own, ` ${example.body.toUpperCase()}`);
      expect(answer).toMatchObject({ intent: 'shipping', abstained: false, abstainReason: null });
      expect(answer.confidence).toBeGreaterThanOrEqual(0.8);
      expect(answer.stageReason).toBe('One of your examples has the same words.');
      expect(await ask(own, `${example.body}, or Saturday`)).toMatchObject({ abstained: true });
      await own.teach([{ example: { ...example, id: 'twin', intent: 'billing' }, quotable: false }]);
      expect(await ask(own, example.body)).toMatchObject({ abstained: true });
      await using imported = await open({ quotable: new Set() });
      expect(await ask(imported, example.body)).toMatchObject({ abstained: true });
    },
  );

  test('names the engine and the versions behind an answer', async () => {
    const answer = await ask(classifier, 'Where is my parcel?');
    expect(answer).toMatchObject({ stage: 'local', costUsd: 0, language: 'en', urgency: null, sentiment: null });
    expect(answer.versions).toMatchObject({ taxonomy: taxonomy.version, examples: classifier.examplesVersion });
  });

  testTraining('reads no name of an intent that customers do not use, whatever is around it', async () => {
    const desk = smallTaxonomy({
      'urgent-security-issues': 'Somebody is in the house.',
      'opening-hours': 'When we are open.',
    });
    const texts = {
      'urgent-security-issues': 'Somebody is at my door right now, number',
      'opening-hours': 'When are you open on Sunday, question',
    };
    const examples = Object.entries(texts).flatMap(([intent, body]) =>
      Array.from({ length: 20 }, (_, i) => ({ id: `${intent}-${i}`, intent, body: `${body} ${i}` })),
    );
    await using engine = await disposable({ taxonomy: desk, examples, embedder: 'none' });
    const read = (body: string) => engine.classify({ ticket: { id: 't', body }, taxonomy: desk });
    const plain = await read('Are you open today?');
    const labelled = await read('Are you open today?\n# Urgent security issues\nUrgent > security > issues');
    expect(labelled).toMatchObject({ intent: 'opening-hours', confidence: plain.confidence });
  });

  test('is not sure of a ticket in a language without examples', async () => {
    const answer = await ask(
      classifier,
      'Bonjour, je voudrais savoir pourquoi mon colis est toujours en attente, merci.',
    );
    expect(answer.abstainReason).toBe('No example is in French.');
    expect(answer.confidence).toBeLessThan(0.5);
  });

  test.each([
    ['fr_FR', 'No example is in French.'],
    ['x!', 'No example is in French.'],
    ['pl', 'No example is in French.'],
  ])('reads a ticket whose helpdesk says the language is %s', async (language, reason) => {
    const body = 'Bonjour, je voudrais savoir pourquoi mon colis est toujours en attente, merci.';
    const answer = await classifier.classify({ ticket: { id: 't', body, language }, taxonomy });
    expect(answer.abstainReason).toBe(reason);
  });

  test('takes no notice of a wrong language where the words are in one that examples have', async () => {
    const body = 'Hello, where is my parcel? It has not come yet, and I am waiting for it.';
    const [sent, plain] = await Promise.all(
      ['pl', undefined].map((language) =>
        classifier.classify({ ticket: { id: 't', body, ...(language && { language }) }, taxonomy }),
      ),
    );
    expect(sent).toMatchObject({ intent: 'shipping', confidence: plain?.confidence, abstained: plain?.abstained });
  });

  test.each(['?', '!!', '...', '€'])('has no guess for a ticket of signs: %s', async (body) => {
    const answer = await ask(classifier, body);
    expect(answer).toMatchObject({ abstainReason: 'This ticket has no word.', decidingWords: [] });
    expect(answer.confidence).toBeLessThanOrEqual(1 / taxonomy.leaves.length);
  });

  testTraining('turns away what is like a ticket that belongs to nobody, until that is taken back', async () => {
    await using desk = await disposable({ cacheDir: suiteCache });
    const like = 'I am looking for a male flatmate in Leipzig, do you know somebody?';
    const reason = 'It is like a ticket that a person said belongs to nobody.';
    const { version } = desk.index;
    const example = { id: 'o', body: 'Looking for a flatmate in Leipzig', intent: null, outOfScope: true };
    await desk.teach([{ example, quotable: false }]);
    expect(await ask(desk, like)).toMatchObject({ abstained: true, abstainReason: reason });
    for (const { body } of shopQuestions) expect((await ask(desk, body)).abstainReason, body).not.toBe(reason);
    expect(desk.index.version).toBe(version);
    await desk.index.remove(['o']);
    expect((await ask(desk, like)).abstainReason).not.toBe(reason);
    await using later = await disposable({ cacheDir: suiteCache, outOfScope: [example] });
    expect((await ask(later, like)).abstainReason).toBe(reason);
  });

  test('is not sure of a ticket without a known word', async () => {
    const answer = await ask(classifier, 'xqzzt vrrmpf');
    expect(answer.abstainReason).toBe('No word of this ticket occurs in an example.');
    expect(answer.confidence).toBeLessThan(0.5);
  });

  test('refuses a taxonomy that it was not trained for', async () => {
    const other = smallTaxonomy({ ...shopIntents, complaints: 'Anger.' });
    const asked = classifier.classify({ ticket: { id: 't', body: 'Where is my parcel?' }, taxonomy: other });
    await expect(asked).rejects.toThrow(/was trained for taxonomy/);
  });

  test('reads the end of a very long ticket', async () => {
    const filler = 'This is the log that the tool wrote for us yesterday and the day before. '.repeat(2_000);
    const answer = await ask(classifier, `${filler}\nI forgot my password, please reset my password.`);
    expect(answer.intent).toBe('password-reset');
  });
});

describe('the opinion of the embedded engine', () => {
  const opinionOn = (classifier: LocalClassifier, body: string) =>
    classifier.opinionOf({ ticket: { id: 't', body }, taxonomy });

  test('names the likeliest intents as it classifies, and how often it was right when as sure', async () => {
    const examples = shopExamples().flatMap((example) => [
      example,
      { ...example, id: `again-${example.id}`, body: `Good morning! ${example.body} Thank you.` },
    ]);
    await using classifier = await disposable({ examples, embedder: 'none' });
    expect(classifier.heldOut?.of).toBe(examples.length);
    const opinion = await opinionOn(classifier, 'Where is my parcel?');
    const { intent, confidence, runnersUp } = await ask(classifier, 'Where is my parcel?');
    expect(opinion?.intents).toEqual([{ intent, confidence }, ...runnersUp]);
    expect(opinion?.record.of).toBeGreaterThanOrEqual(20);
    expect(opinion?.record.right).toBeLessThanOrEqual(opinion?.record.of ?? 0);
    expect(await opinionOn(classifier, 'わたしの荷物はどこですか')).toBeNull();
  });

  test('comes from the answer to the same ticket, where the engine has just given one and learned nothing since', async () => {
    const examples = shopExamples().flatMap((example) => [
      example,
      { ...example, id: `again-${example.id}`, body: `Good morning! ${example.body} Thank you.` },
    ]);
    await using classifier = await disposable({ examples, embedder: 'none' });
    const calls = vi.spyOn(EngineClient.prototype, 'call');
    try {
      const ticket = { id: 't', body: 'Where is my parcel?' };
      const { intent, confidence } = await classifier.classify({ ticket, taxonomy });
      expect((await classifier.opinionOf({ ticket, taxonomy }))?.intents[0]).toEqual({ intent, confidence });
      expect(calls.mock.calls.map(([name]) => name)).toEqual(['classify']);
      await classifier.index.remove(['again-billing-1']);
      expect(await classifier.opinionOf({ ticket, taxonomy })).not.toBeNull();
      expect(calls.mock.calls.map(([name]) => name)).toEqual(['classify', 'remove', 'classify']);
    } finally {
      calls.mockRestore();
    }
  });

  testTraining('is none while it knows too little of the desk', async () => {
    await using classifier = await disposable({ cacheDir: suiteCache });
    expect(classifier.heldOut?.of).toBe(shopExamples().length);
    expect(await opinionOn(classifier, 'Where is my parcel?')).toBeNull();
  });
});

describe('the embedded engine with few examples', () => {
  test('names an intent without examples by its description, and abstains without any example', async () => {
    await using classifier = await disposable({ examples: [], embedder: 'none' });
    const answer = await ask(classifier, 'I have forgotten my password and want a new one');
    expect(answer.intent).toBe('password-reset');
    expect(answer.abstainReason).toMatch(/no examples yet/);
  });

  testTraining('can name an intent without examples among others that have some', async () => {
    const examples = shopExamples().filter(({ intent }) => intent !== 'password-reset');
    await using classifier = await disposable({ examples });
    expect((await ask(classifier, 'I have forgotten my password')).intent).toBe('password-reset');
  });

  testTraining('works with a single intent', async () => {
    const single = smallTaxonomy({ everything: 'Whatever customers want.' });
    await using classifier = await disposable({ taxonomy: single, examples: [], embedder: 'none' });
    const answer = await classifier.classify({ ticket: { id: 't', body: 'whatever' }, taxonomy: single });
    expect(answer).toMatchObject({ intent: 'everything', runnersUp: [] });
  });

  testTraining('leaves out examples whose intent the taxonomy does not have, and counts them', async () => {
    const stray: LabelledTicket = { id: 'stray', intent: 'gone', body: 'An intent of last year' };
    await using classifier = await disposable({ examples: [...shopExamples(), stray], embedder: 'none' });
    expect(classifier.skippedExamples).toBe(1);
    expect(classifier.exampleCount).toBe(shopExamples().length);
  });
});

describe('new examples', () => {
  testTraining('are found at once, and used by the regression once settled', async () => {
    await using classifier = await disposable({ cacheDir: suiteCache });
    const before = classifier.examplesVersion;
    const news: LabelledTicket[] = [
      { id: 'n1', intent: 'billing', body: 'The voucher is refused' },
      { id: 'n2', intent: 'billing', body: 'My voucher shows as used' },
      { id: 'n3', intent: 'billing', body: 'voucher not accepted at the till' },
    ];
    await classifier.teach(news.map((example) => ({ example, quotable: false })));
    const { found } = await classifier.index.search({ text: 'voucher', k: 1, perIntent: 1, minSimilarity: 0 });
    expect(found[0]?.example.intent).toBe('billing');
    expect(classifier.examplesVersion).not.toBe(before);
    await classifier.settled();
    const answer = await ask(classifier, 'the voucher');
    expect(answer.intent).toBe('billing');
    expect(answer.versions.examples).toBe(classifier.examplesVersion);
  });

  testTraining('have a version that depends on their content and not on their order', async () => {
    await using forwards = await disposable({ embedder: 'none' });
    await using backwards = await disposable({ embedder: 'none', examples: shopExamples().reverse() });
    expect(forwards.examplesVersion).toBe(backwards.examplesVersion);
  });
});

/** All texts of a value; a score such as 0.7664 is not a telephone number. */
const wordsOf = (value: unknown) => JSON.stringify(value, (_, part) => (typeof part === 'number' ? 0 : part));

describe('words of other customers', () => {
  const body =
    'I am Ottilie Brandauer, phone +43 664 1234567. Refund the gizmo to DE89 3704 0044 0532 0130 00, it hums at night.';
  const planted = /Ottilie|Brandauer|664|1234567|DE89|3704/;
  const other = 'The gizmo hums at night, I want a refund';
  const customer: LabelledTicket = { id: 'ticket-7', intent: 'returns', body };

  testTraining(
    'stay unquoted next to the company’s own, also where they replace an own example of the same id',
    async () => {
      await using classifier = await disposable({ quotable: idsOf(shopExamples()), cacheDir: suiteCache });
      const parcel = 'Where is my parcel? It must be somewhere, the parcel';
      expect((await ask(classifier, parcel)).reasoning).toContain('“Where is my parcel?”');
      await classifier.index.upsert([{ id: 'returns-1', intent: 'returns', body }]);
      await classifier.teach([{ example: customer, quotable: false }]);
      const [other1, parcel1] = [await ask(classifier, other), await ask(classifier, parcel)];
      expect(idsOf(shopExamples())).toContain('returns-1');
      expect(other1.nearestExamples.map(({ id }) => id)).toContain('returns-1');
      expect(wordsOf([other1, parcel1])).not.toMatch(planted);
      expect(parcel1.reasoning).toContain('“Where is my parcel?”');
    },
  );

  testTraining('are never quoted, also by an engine that loads its trained model from the cache', async () => {
    await using folder = await temporaryFolder();
    const examples = [...shopExamples(), customer];
    const answers: Classification[] = [];
    for (const quotable of [idsOf(examples), idsOf(shopExamples())]) {
      await using classifier = await disposable({ examples, quotable, cacheDir: folder.path });
      answers.push(await ask(classifier, other));
    }
    const [ownWords, unquoted] = answers;
    expect(ownWords?.reasoning).toMatch(/Ottilie/);
    expect(unquoted?.nearestExamples[0]).toMatchObject({ id: 'ticket-7', intent: 'returns' });
    expect(unquoted?.reasoning).toMatch(/^For returns: closest to an earlier ticket \(similarity 0\.\d\d\)/);
    expect(wordsOf(unquoted)).not.toMatch(planted);
  });
});

describe('the cache of the embedded engine', () => {
  const cacheFiles = async (folder: string) => (await readdir(folder)).map((name) => join(folder, name));
  const trainedSteps = async (cacheDir: string) => {
    let steps = 0;
    await using classifier = await disposable({ cacheDir, onProgress: () => steps++ });
    const answer = await ask(classifier, 'Where is my parcel?');
    return { steps, confidence: answer.confidence };
  };

  let good: Awaited<ReturnType<typeof temporaryFolder>>;
  let first: Awaited<ReturnType<typeof trainedSteps>>;
  beforeAll(async () => {
    good = await temporaryFolder();
    first = await trainedSteps(good.path);
  });
  afterAll(() => good[Symbol.asyncDispose]());

  test('makes training at the next start unnecessary, with the same answers', async () => {
    expect(first.steps).toBeGreaterThan(0);
    expect(await trainedSteps(good.path)).toEqual({ steps: 0, confidence: first.confidence });
  });

  test('contains no words of customers', async () => {
    const files = await cacheFiles(good.path);
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect((await readFile(file)).includes('parcel')).toBe(false);
  });

  // Trains for each fault, so it needs TEST_PROCESSES.
  describe.skipIf(!process.env.TEST_PROCESSES)('is rebuilt when it is', () => {
    test.each<[string, (bytes: Buffer) => Buffer]>([
      ['cut', (bytes) => bytes.subarray(0, bytes.length / 2)],
      [
        'changed in one byte',
        (bytes) => bytes.fill((bytes[bytes.length >> 1] ?? 0) ^ 1, bytes.length >> 1, (bytes.length >> 1) + 1),
      ],
      ['empty', () => Buffer.alloc(0)],
      ['another file', () => Buffer.from('{"not":"a model"}'.repeat(50))],
    ])('%s', async (_, damage) => {
      await using folder = await temporaryFolder();
      for (const file of await cacheFiles(good.path)) {
        await writeFile(join(folder.path, basename(file)), damage(await readFile(file)));
      }
      const again = await trainedSteps(folder.path);
      expect(again.steps).toBeGreaterThan(0);
      expect(again.confidence).toBe(first.confidence);
      for (const file of await cacheFiles(good.path)) {
        expect((await readFile(join(folder.path, basename(file)))).equals(await readFile(file)), file).toBe(true);
      }
    });
  });

  testTraining('is not needed: the engine works where it cannot be written', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'a-file');
    await writeFile(file, '');
    expect((await trainedSteps(join(file, 'cache'))).steps).toBeGreaterThan(0);
  });
});

describe('insurance, 68 examples', () => {
  const folder = ['benchmarks/data/insurance', '../shared/data/insurance'].find((path) => existsSync(path));
  test.skipIf(folder === undefined || !process.env.TEST_PROCESSES)(
    'at least 65 of 68 tickets are right (needs the data set in benchmarks/data)',
    async () => {
      const read = async (name: string) => readFile(join(folder ?? '', name), 'utf8');
      const lines = async (name: string): Promise<LabelledTicket[]> =>
        (await read(name))
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line));
      const insurance = parseTaxonomy({ text: await read('taxonomy.yaml'), file: 'taxonomy.yaml' });
      await using classifier = await disposable({ taxonomy: insurance, examples: await lines('train.jsonl') });
      let correct = 0;
      for (const ticket of await lines('test.jsonl')) {
        if ((await classifier.classify({ ticket, taxonomy: insurance })).intent === ticket.intent) correct++;
      }
      expect(correct).toBeGreaterThanOrEqual(65);
    },
  );
});
