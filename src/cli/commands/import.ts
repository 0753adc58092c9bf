import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { count } from '../../base/plural.ts';
import type { Example } from '../../classifiers/retrieval/example-index.ts';
import type { LoadedConfig } from '../../config/config-schema.ts';
import { SwitchboardError } from '../../errors.ts';
import { type CliIo, createProgress, writeJson, writeNote, writeText } from '../io.ts';
import { addConfigOption, type ConfigOption, loadCommandConfig } from '../load-command-config.ts';

type ImportOptions = ConfigOption & { data?: string; json?: boolean };

const changesSchema = z.object({ added: z.number(), changed: z.number(), unchanged: z.number() });
type Changes = z.infer<typeof changesSchema>;

/** Well below the server's body limit. */
const MAX_BATCH_BYTES = 500_000;

export function registerImport(program: Command, io: CliIo): void {
  const group = program.command('import').description('add data to the store');
  const command = group
    .command('examples <file>')
    .description('add labelled tickets (JSON Lines) that the engines learn from')
    .option('--data <dir>', 'folder of the embedded store')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
A line is a ticket with its intent: {"id":"e-1","body":"Where is my parcel?","intent":"order-related/shipping-information"}
An id that is there already is replaced. A running server that holds the store is asked to import.

Example:
  $ switchboard import examples more-examples.jsonl`,
    )
    .action((file: string, options: ImportOptions) => runImportExamples(io, file, options));
  addConfigOption(command);
}

async function runImportExamples(io: CliIo, file: string, options: ImportOptions): Promise<void> {
  const config = await loadCommandConfig(io, { ...options, overrides: { dataDir: options.data } });
  const [{ loadTaxonomy }, { readLabelledTickets }] = await Promise.all([
    import('../../taxonomy/parse-taxonomy.ts'),
    import('../../config/labelled-tickets.ts'),
  ]);
  const taxonomy = await loadTaxonomy(config.settings.taxonomy);
  const tickets = await readLabelledTickets({ file: resolve(io.cwd, file), taxonomy });
  const examples = tickets.filter((ticket): ticket is Example => ticket.intent !== null);
  const skipped = tickets.length - examples.length;

  const serverUrl = await findServingOwner(config);
  const changes =
    serverUrl === null
      ? await importIntoStore(io, config, examples)
      : await importThroughServer({ serverUrl, token: config.secrets.token, examples });

  if (options.json) writeJson(io, { ...changes, skipped, through: serverUrl ?? 'store' });
  else {
    const { added, changed, unchanged } = changes;
    writeText(
      io,
      `${count(examples.length, 'example')}: ${added} added, ${changed} changed, ${unchanged} as they were.\n`,
    );
    if (skipped > 0)
      writeNote(
        io,
        `Left out ${count(skipped, 'ticket')} without an intent: only a labelled ticket can be an example.`,
      );
  }
}

/** The server that holds the embedded store; null when the store can be opened from here. */
async function findServingOwner({ secrets, settings }: LoadedConfig): Promise<string | null> {
  if (secrets.databaseUrl !== null) return null;
  const { findFolderOwner } = await import('../../store/folder-lock.ts');
  return (await findFolderOwner({ dataDir: settings.dataDir }))?.url ?? null;
}

async function importIntoStore(io: CliIo, config: LoadedConfig, examples: readonly Example[]): Promise<Changes> {
  const [{ createApp }, { silentLogger }] = await Promise.all([import('../../app.ts'), import('../../base/logger.ts')]);
  const progress = createProgress(io);
  const app = await createApp({ config, onProgress: progress, logger: silentLogger });
  try {
    return await app.importExamples({ examples, actor: { kind: 'user', id: userInfo().username } });
  } finally {
    progress.finish();
    await app.close();
  }
}

async function importThroughServer(options: {
  serverUrl: string;
  token: string | null;
  examples: readonly Example[];
}): Promise<Changes> {
  const { serverUrl, token, examples } = options;
  const total = { added: 0, changed: 0, unchanged: 0 };
  for (const batch of splitIntoBatches(examples)) {
    const response = await fetch(`${serverUrl}/v1/examples`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) },
      body: `{"examples":[${batch.join(',')}]}`,
    });
    if (!response.ok) throw await describeRefusal(serverUrl, response);
    const changes = changesSchema.parse(await response.json());
    total.added += changes.added;
    total.changed += changes.changed;
    total.unchanged += changes.unchanged;
  }
  return total;
}

function splitIntoBatches(examples: readonly Example[]): string[][] {
  const batches: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const example of examples) {
    const text = JSON.stringify(example);
    bytes += Buffer.byteLength(text);
    if (bytes > MAX_BATCH_BYTES) {
      batches.push([]);
      bytes = Buffer.byteLength(text);
    }
    batches.at(-1)?.push(text);
  }
  return batches;
}

async function describeRefusal(serverUrl: string, response: Response): Promise<SwitchboardError> {
  const problem = z.object({ detail: z.string() }).safeParse(await response.json().catch(() => null));
  const detail = problem.success ? problem.data.detail : response.statusText;
  return new SwitchboardError({
    code: 'internal',
    message: `The server at ${serverUrl} holds the store and refused the examples (${response.status}): ${detail}`,
  });
}
