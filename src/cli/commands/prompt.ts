import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { createRequestMaker, type RequestMaker } from '../../app/request-maker.ts';
import { count } from '../../base/plural.ts';
import { openPrivateFile } from '../../base/private-files.ts';
import { customIdFor } from '../../classifiers/claude/custom-id.ts';
import { estimateTokens } from '../../classifiers/claude/estimate-tokens.ts';
import { createLocalClassifier, type LocalClassifier } from '../../classifiers/local/create-local-classifier.ts';
import { createModelUse } from '../../classifiers/model-api/model-account.ts';
import type { ExampleIndex } from '../../classifiers/retrieval/example-index.ts';
import { openExampleIndex } from '../../classifiers/retrieval/open-example-index.ts';
import type { LoadedConfig } from '../../config/config-schema.ts';
import { loadWorkspace, type Workspace } from '../../config/load-workspace.ts';
import { UsageError } from '../../errors.ts';
import { dropLeaks } from '../../evaluation/dataset/drop-leaks.ts';
import { loadDataset } from '../../evaluation/dataset/load-dataset.ts';
import { readTicket } from '../../ticket/read-ticket.ts';
import { type CliIo, createProgress, type Progress, writeJson, writeNote, writeText } from '../io.ts';
import { addConfigOption, addDataOption, type ConfigOption, storedOption } from '../load-command-config.ts';
import { loadScopeConfig } from '../load-scope.ts';
import { printableJson } from '../printable.ts';
import { readIncoming } from '../read-incoming.ts';
import { useStored } from '../stored/use-stored.ts';

type PromptOptions = ConfigOption & {
  text?: string;
  dataset?: string[];
  out?: string;
  taxonomy?: string;
  examples?: string[];
  stored?: boolean;
};

export function registerPrompt(program: Command, io: CliIo): void {
  const command = program
    .command('prompt [file]')
    .description(
      'print the exact request that Claude would get, or the requests of a data set as a batch; Claude is not called',
    )
    .option('--text <text>', 'what the customer wrote')
    .option(
      '--dataset <files...>',
      'labelled tickets: writes one line { custom_id, params } for each, ready for a batch',
    )
    .option('--out <file>', 'file for the lines of the batch (default: standard output)')
    .option('--taxonomy <file>', 'taxonomy in place of the configured one, without the configured examples')
    .option('--examples <files...>', 'files of examples to choose from (default: `examples` of the configuration)')
    .addOption(storedOption())
    .addHelpText(
      'after',
      `
FILE contains a ticket as JSON, or its body as plain text. Without FILE, or with "-", standard input is read.
Send a batch with any tool you like, and score its results with: switchboard evaluate --replies results.jsonl

Examples:
  $ switchboard prompt --text "I was charged twice"
  $ switchboard prompt --dataset test.jsonl --out requests.jsonl`,
    )
    .action((file: string | undefined, options: PromptOptions) => runPrompt(io, file, options));
  addConfigOption(addDataOption(command));
}

async function runPrompt(io: CliIo, file: string | undefined, options: PromptOptions): Promise<void> {
  const isBatch = options.dataset !== undefined;
  if (isBatch && (file !== undefined || options.text !== undefined)) {
    throw new UsageError('Give either one ticket (FILE or --text) or --dataset, not both.');
  }
  if (!isBatch && options.out !== undefined) {
    throw new UsageError('--out needs --dataset: the request of a single ticket is printed.');
  }
  const config = await loadScopeConfig(io, { ...options, needsDataset: false });
  const { workspace } = await useStored({ io, config, workspace: await loadWorkspace(config), flags: options });
  const progress = createProgress(io);
  try {
    if (isBatch) await printBatch(io, { config, workspace, progress, options });
    else await printOne(io, { config, workspace, progress, source: { file, text: options.text } });
  } finally {
    progress.finish();
  }
}

type Scope = { readonly config: LoadedConfig; readonly workspace: Workspace; readonly progress: Progress };

async function printOne(
  io: CliIo,
  { config, workspace, progress, source }: Scope & { source: { file: string | undefined; text: string | undefined } },
): Promise<void> {
  const incoming = await readIncoming(io, source);
  await withRequests({ config, workspace, progress, isBatch: false }, async ({ book, requestFor }) => {
    const ticket = { ...incoming, id: incoming.id ?? 'ticket' };
    const { params, seenText } = await requestFor(ticket);
    progress.finish();
    const { automatic } = readTicket(ticket);
    if (automatic !== null) {
      const why = automatic.reason.replace(/\.$/, '');
      writeNote(io, `This is automatic mail (${why}), so it goes to triage and this request would not be sent.`);
    }
    const more =
      book.strategy === 'flat'
        ? ''
        : ' This is the request for the top level of the tree; the next depends on its answer.';
    writeNote(
      io,
      `Prompt ${book.version} for ${params.model}, ${book.strategy}: about ${count(book.first.systemTokens, 'cached token')} ` +
        `and ${count(estimateTokens(seenText), 'token')} of the ticket.${more}`,
    );
    writeJson(io, params);
  });
}

async function printBatch(io: CliIo, options: Scope & { options: PromptOptions }): Promise<void> {
  const { config, workspace, progress } = options;
  const files = (options.options.dataset ?? []).map((file) => resolve(io.cwd, file));
  const { tickets } = await loadDataset({ files, taxonomy: workspace.taxonomy });
  // `evaluate` leaves out the same examples, so these requests are the ones that it scores.
  const asked = tickets.filter((ticket) => readTicket(ticket).automatic === null);
  const { examples, leakage } = dropLeaks({ examples: workspace.examples, dataset: tickets });
  const scope = { config, workspace: { ...workspace, examples }, progress, isBatch: true };
  await withRequests(scope, async ({ book, requestFor }) => {
    async function* lines() {
      for (const [at, ticket] of asked.entries()) {
        const { params } = await requestFor(ticket);
        yield `${printableJson({ custom_id: customIdFor(ticket.id), params })}\n`;
        progress({ step: 'writing requests', done: at + 1, total: asked.length });
      }
    }
    const { out } = options.options;
    if (out === undefined) for await (const line of lines()) writeText(io, line);
    else await pipeline(Readable.from(lines()), (await openPrivateFile(resolve(io.cwd, out), 'w')).createWriteStream());
    progress.finish();
    const machines = tickets.length - asked.length;
    const left =
      (leakage.dropped === 0 ? '' : ` Left out ${count(leakage.dropped, 'example')} that the data set contains.`) +
      (machines === 0 ? '' : ` No request for ${count(machines, 'ticket')} of automatic mail: no engine is asked.`);
    writeNote(
      io,
      `${count(asked.length, 'request')} with prompt ${book.version}${out === undefined ? '' : ` written to ${out}`}.${left}`,
    );
  });
}

/** Calls `work` with the prompt and the examples that the engine would use, and closes them afterwards. */
async function withRequests<T>(
  { config, workspace, progress, isBatch }: Scope & { isBatch: boolean },
  work: (maker: RequestMaker) => Promise<T>,
): Promise<T> {
  const { index, local, close } = await openIndex({ config, workspace, progress });
  try {
    return await work(await createRequestMaker({ config, taxonomy: workspace.taxonomy, local, index, isBatch }));
  } finally {
    await close();
  }
}

async function openIndex({ config, workspace, progress }: Scope): Promise<{
  index: ExampleIndex | null;
  local: LocalClassifier | null;
  close(): Promise<void>;
}> {
  if (workspace.examples.length === 0) {
    return { index: null, local: null, close: async () => undefined };
  }
  const { confidence, dataDir } = config.settings;
  const local = await createLocalClassifier({
    taxonomy: workspace.taxonomy,
    examples: workspace.examples,
    cacheDir: join(dataDir, 'models'),
    confidence,
    embedder: config.settings.retrieval.embedder === 'none' ? 'none' : 'embedded',
    onProgress: progress,
  });
  try {
    const index = await openExampleIndex({
      settings: config.settings.retrieval.embedder,
      voyageApiKey: config.secrets.voyageApiKey,
      redaction: config.settings.redaction,
      modelUse: createModelUse({ dailyBudgetUsd: config.settings.claude.dailyBudgetUsd }),
      prices: config.settings.claude.prices,
      local,
      examples: workspace.examples,
      dataDir,
      onProgress: progress,
    });
    const close = async () => {
      await index.close?.();
      await local.close();
    };
    return { index, local, close };
  } catch (error) {
    await local.close();
    throw error;
  }
}
