// Compares tokens and cost per ticket on the insurance set: a tutorial's prompt against ours. Nothing is sent. Both
// requests are built in full and measured with one estimator (src/classifiers/claude/estimate-tokens.ts); answers have
// the length that each prompt asks for. It shows what tickets cost, not how well they are classified.
//   npm run bench:prompt-cost -- [--data FOLDER]     FOLDER holds insurance/ (and banking77/, clinc150/)
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildRequest, type ClaudeRequest } from '../src/classifiers/claude/build-request.ts';
import { priceFor } from '../src/classifiers/claude/cost.ts';
import { estimateTokens } from '../src/classifiers/claude/estimate-tokens.ts';
import { createPromptBook, type PromptSettings } from '../src/classifiers/claude/prompt-book.ts';
import { defaultRetrieval as retrieval, retrieveExamples } from '../src/classifiers/claude/retrieve-examples.ts';
import type { Opinion } from '../src/classifiers/opinion.ts';
import type { Example, FoundExample } from '../src/classifiers/retrieval/example-index.ts';
import { readLabelledTickets } from '../src/config/labelled-tickets.ts';
import { loadTaxonomy } from '../src/taxonomy/parse-taxonomy.ts';
import type { Taxonomy } from '../src/taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../src/ticket/ticket.ts';
import { scanInProcess } from './examples/scan-in-process.ts';
import { tutorialAnswer, tutorialRequest } from './prompt-cost-tutorial.ts';

const MODEL = 'claude-haiku-5-5';
const GOAL = 0.65;
/** Assumed words of reasoning in an answer to the tutorial's prompt, which sets no limit. */
const FREE_REASONING_WORDS = 60;
/** The most that our prompt allows, which is the most expensive case. */
const OUR_REASONING_WORDS = 25;
const THINKING_TOKENS = [0, 150];
const ESTIMATOR_ERRORS = [-0.3, 0, 0.3];
const settings: PromptSettings = {
  model: MODEL,
  effort: 'low',
  thinking: 'disabled',
  output: 'json',
  strategy: 'flat',
  instructions: '',
  hint: 'auto',
};
/** What a request may contain beside ticket and examples. */
type Extra = { readonly name: string; readonly hasOpinion: boolean; readonly quotedCharacters: number };
const extras: readonly Extra[] = [
  { name: 'ticket and examples', hasOpinion: false, quotedCharacters: 0 },
  { name: "with the embedded engine's opinion", hasOpinion: true, quotedCharacters: 0 },
  { name: 'with the opinion and a quoted message of 500 characters', hasOpinion: true, quotedCharacters: 500 },
  { name: 'with the opinion and the most that is sent of quoted messages', hasOpinion: true, quotedCharacters: 2_000 },
];
const quotedSentence =
  'Thank you for your message. We have looked at your policy and will come back to you with an answer within two days. ';
const price = priceFor({ model: MODEL, promptTokens: 0 })!;

/** Estimated tokens of one ticket. */
type Weights = {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
};

const { values } = parseArgs({ options: { data: { type: 'string' } } });
const folder = [values.data, 'benchmarks/data', '../shared/data'].find(
  (path) => path !== undefined && existsSync(join(path, 'insurance')),
);
if (folder === undefined) {
  process.stdout.write('Skipped: the insurance set is not here. Name its folder with --data.\n');
} else {
  await compare(resolve(folder));
  await compareStrategies(resolve(folder));
}

async function compare(data: string): Promise<void> {
  const taxonomy = await loadTaxonomy(join(data, 'insurance', 'taxonomy.yaml'));
  const train = await readLabelledTickets({ file: join(data, 'insurance', 'train.jsonl'), taxonomy });
  const test = await readLabelledTickets({ file: join(data, 'insurance', 'test.jsonl'), taxonomy });
  const ratios: number[] = [];
  for (const extra of extras) ratios.push(...(await compareWith({ taxonomy, train, test, extra })));
  const worst = Math.max(...ratios);
  print(
    `\nWorst of all cases: ${worst.toFixed(3)}, goal ${worst <= GOAL ? 'met in every case' : 'missed in some case'}.`,
  );
}

/** Returns the ratios of money, ours to theirs, for every assumption about the estimate. */
async function compareWith(options: {
  taxonomy: Taxonomy;
  train: readonly LabelledTicket[];
  test: readonly LabelledTicket[];
  extra: Extra;
}): Promise<number[]> {
  const { taxonomy, train, test, extra } = options;
  const tutorial = test.map(
    (ticket): Weights => ({
      // The tutorial sends a body as it is, with what is quoted below it.
      input: estimateTokens(tutorialRequest({ taxonomy, train, ticket: withQuote(ticket, extra.quotedCharacters) })),
      cacheRead: 0,
      cacheWrite: 0,
      output: estimateTokens(tutorialAnswer({ taxonomy, intent: ticket.intent, words: FREE_REASONING_WORDS })),
    }),
  );
  const ours = await weighOurs(options);
  print(`\n== ${extra.name} ==\nInsurance set, ${test.length} tickets, ${MODEL}. Estimated tokens per ticket (mean):`);
  print('                         input   cache read  cache write   output   USD per 1,000 tickets');
  for (const [name, all] of [
    ["tutorial's prompt (a)", tutorial],
    ['ours (b)', ours],
  ] as const) {
    const mean = meanOf(all);
    const cells = [mean.input, mean.cacheRead, mean.cacheWrite, mean.output].map((value) =>
      value.toFixed(0).padStart(9),
    );
    print(`${name.padEnd(22)}${cells.join('   ')}   ${(usd(mean) * 1_000).toFixed(4).padStart(12)}`);
  }
  const medianOutput = ours.map(({ output }) => output).toSorted((one, other) => one - other)[
    Math.floor(ours.length / 2)
  ];
  print(`Our answers: ${medianOutput} tokens at the median (at most 90 are asked for).`);
  print(
    `\nMoney, ours to theirs (goal: at most ${GOAL}), if the estimate of prompts and of answers is wrong by these percentages:`,
  );
  const ratios = THINKING_TOKENS.flatMap((thinking) => {
    print(`  ${thinking} thinking tokens on both sides`);
    return ESTIMATOR_ERRORS.flatMap((onPrompt) =>
      ESTIMATOR_ERRORS.map((onAnswer) => {
        const factors = { prompt: 1 + onPrompt, answer: 1 + onAnswer, thinking };
        const ratio = usd(scale(meanOf(ours), factors)) / usd(scale(meanOf(tutorial), factors));
        print(`    prompts ${percent(onPrompt)}, answers ${percent(onAnswer)}: ${ratio.toFixed(3)}`);
        return ratio;
      }),
    );
  });
  print(`Highest of these: ${Math.max(...ratios).toFixed(3)}`);
  for (const words of [30, 45, 90]) {
    const other = meanOf(
      tutorial.map((weights, at) => ({
        ...weights,
        output: estimateTokens(tutorialAnswer({ taxonomy, intent: test[at]?.intent ?? null, words })),
      })),
    );
    print(
      `With ${words} words of free reasoning in (a) instead of ${FREE_REASONING_WORDS}: ${(usd(meanOf(ours)) / usd(other)).toFixed(3)}`,
    );
  }
  return ratios;
}

/** Measures our requests as the engine builds them, with a fixed part that is cached by the first one. */
async function weighOurs(options: {
  taxonomy: Taxonomy;
  train: readonly LabelledTicket[];
  test: readonly LabelledTicket[];
  extra: Extra;
}): Promise<Weights[]> {
  const { taxonomy, train, test, extra } = options;
  const book = createPromptBook({ taxonomy, settings });
  const examples = train.flatMap((ticket): Example[] =>
    ticket.intent === null ? [] : [{ ...ticket, intent: ticket.intent }],
  );
  const index = scanInProcess(examples);
  const shown: number[] = [];
  const weights: Weights[] = [];
  for (const [at, ticket] of test.entries()) {
    const retrieved = await retrieveExamples({ index, retrieval, ticket, taxonomy, guess: null });
    shown.push(retrieved.found.length);
    const opinion = extra.hasOpinion ? opinionOf({ ...retrieved, taxonomy }) : null;
    const asked = withQuote(ticket, extra.quotedCharacters);
    const request = buildRequest({ book, ticket: asked, ...retrieved, opinion, redact: null });
    const fixed = fixedTokens(request);
    const content = request.params.messages[0]?.content;
    weights.push({
      input: estimateTokens(typeof content === 'string' ? content : ''),
      cacheRead: at === 0 ? 0 : fixed,
      cacheWrite: at === 0 ? fixed : 0,
      output: estimateTokens(
        ourAnswer({ ticket, label: book.first.labels.labelOf(ticket.intent ?? ''), unsure: at % 5 === 0 }),
      ),
    });
  }
  print(`We show ${(shown.reduce((sum, count) => sum + count, 0) / shown.length).toFixed(1)} examples (mean).`);
  return weights;
}

/** A ticket with an older message quoted below it, as mail programs write it. */
function withQuote(ticket: LabelledTicket, characters: number): LabelledTicket {
  if (characters === 0) return ticket;
  const text = quotedSentence.repeat(Math.ceil(characters / quotedSentence.length)).slice(0, characters);
  return { ...ticket, body: `${ticket.body}\n\nOn Mon, 2 Nov 2026 at 10:14, Support wrote:\n> ${text}` };
}

/** Three intents, which is the most that a request names. Only their length matters here. */
function opinionOf({ found, taxonomy }: { found: readonly FoundExample[]; taxonomy: Taxonomy }): Opinion {
  const intents = [...new Set([...found.map(({ example }) => example.intent), ...taxonomy.leaves.map(({ id }) => id)])];
  return {
    intents: intents.slice(0, 3).map((intent, at) => ({ intent, confidence: [0.55, 0.25, 0.1][at] ?? 0.1 })),
    record: { right: 131, of: 250 },
  };
}

/** Counts the whole schema, although the API turns it into a shorter text: the more expensive assumption. */
function fixedTokens({ question }: ClaudeRequest): number {
  return estimateTokens(question.system) + estimateTokens(JSON.stringify(question.schema));
}

function ourAnswer({ ticket, label, unsure }: { ticket: LabelledTicket; label: string; unsure: boolean }): string {
  const words = (ticket.body ?? '').split(' ');
  const reasoning =
    'The customer wants to know why an amount on the bill is higher than before and what the fee stands for, which is a question about charges and not yet a dispute.';
  return JSON.stringify({
    reasoning: reasoning.split(' ').slice(0, OUR_REASONING_WORDS).join(' '),
    words: [words.slice(0, 4).join(' '), ...(unsure ? [words.slice(6, 9).join(' ')] : [])],
    intent: label,
    urgency: 'normal',
    sentiment: 'neutral',
    certainty: unsure ? 'unsure' : 'sure',
    ...(unsure ? { runners_up: [label] } : {}),
  });
}

/** Compares the cost of one flat question with going down the tree; the limits of `auto` come from this. */
async function compareStrategies(data: string): Promise<void> {
  const files = [
    'sample/taxonomy.yaml',
    ...['insurance', 'banking77', 'clinc150'].map((name) => join(data, name, 'taxonomy.yaml')),
  ];
  print(
    '\nOne flat question against the hierarchy, cache warm, a ticket of 60 tokens, five examples of 40, an answer of 80:',
  );
  print('tree                              leaves  fixed part   flat USD/1,000   hierarchy USD/1,000   auto');
  for (const file of files.filter((path) => existsSync(path))) {
    const taxonomy = await loadTaxonomy(file);
    const bookOf = (strategy: PromptSettings['strategy']) =>
      createPromptBook({ taxonomy, settings: { ...settings, strategy } });
    const flat = bookOf('flat');
    const tree = bookOf('hierarchy');
    const branches = [...taxonomy.nodes.values()].filter((node) => node.children.length > 1);
    const belowTokens = branches.map((node) => estimateTokens(tree.below(node).system));
    const below = belowTokens.reduce((sum, tokens) => sum + tokens, 0) / Math.max(1, belowTokens.length);
    const call = (fixed: number, output: number) =>
      usd({ input: 60 + 5 * 40, cacheRead: fixed, cacheWrite: 0, output });
    const flatTokens = estimateTokens(flat.first.system);
    const flatUsd = call(flatTokens, 80);
    const treeUsd = branches.length === 0 ? null : call(estimateTokens(tree.first.system), 50) + call(below, 80);
    print(
      `${file.split('/').slice(-2).join('/').padEnd(34)}${String(taxonomy.leaves.length).padStart(6)}${String(flatTokens).padStart(12)}` +
        `${(flatUsd * 1_000).toFixed(4).padStart(17)}${(treeUsd === null ? '-' : (treeUsd * 1_000).toFixed(4)).padStart(22)}   ${bookOf('auto').strategy}`,
    );
  }
}

function usd({ input, cacheRead, cacheWrite, output }: Weights): number {
  return (
    (input * price.input + cacheRead * price.cacheRead + cacheWrite * price.cacheWrite + output * price.output) / 1e6
  );
}

function scale(weights: Weights, factors: { prompt: number; answer: number; thinking: number }): Weights {
  return {
    input: weights.input * factors.prompt,
    cacheRead: weights.cacheRead * factors.prompt,
    cacheWrite: weights.cacheWrite * factors.prompt,
    output: weights.output * factors.answer + factors.thinking,
  };
}

function meanOf(all: readonly Weights[]): Weights {
  const mean = (pick: (weights: Weights) => number) =>
    all.reduce((sum, weights) => sum + pick(weights), 0) / all.length;
  return {
    input: mean((weights) => weights.input),
    cacheRead: mean((weights) => weights.cacheRead),
    cacheWrite: mean((weights) => weights.cacheWrite),
    output: mean((weights) => weights.output),
  };
}

function percent(value: number): string {
  return `${value > 0 ? '+' : ''}${Math.round(value * 100)} %`.padStart(6);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
