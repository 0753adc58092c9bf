import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { codeOf } from '../../base/safe-error.ts';
import { suggest } from '../../base/schema-problems.ts';
import type { LoadedConfig } from '../../config/config-schema.ts';
import { secretVariable } from '../../connectors/definition.ts';
import { InputError, UsageError } from '../../errors.ts';
import { type CliIo, writeJson, writeText } from '../io.ts';
import { addConfigOption, addDataOption, type ConfigOption, loadCommandConfig } from '../load-command-config.ts';
import { reachableName } from '../serve/reachable-name.ts';

type ReceiveOptions = ConfigOption & { connector: string; url?: string; json?: boolean };

const TIMEOUT_MS = 30_000;
const WEBHOOK_SECRET = 'WEBHOOK_SECRET';

export function registerReceive(program: Command, io: CliIo): void {
  const command = program
    .command('receive <file>')
    .description('sign a saved webhook as its helpdesk would, and send it to the running server')
    .requiredOption('--connector <name>', 'the connector that it is for')
    .option('--url <address>', 'address of the server (default: the one that is running here)')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
FILE contains the body of the webhook, byte by byte. It takes the real way: signature, store, queue, decision.

Example:
  $ switchboard receive --connector desk webhook.json`,
    )
    .action((file: string, options: ReceiveOptions) => runReceive(io, file, options));
  addConfigOption(addDataOption(command));
}

async function runReceive(io: CliIo, file: string, options: ReceiveOptions): Promise<void> {
  const config = await loadCommandConfig(io, options);
  const body = await readFile(resolve(io.cwd, file)).catch((error: unknown) => {
    throw new UsageError(`${file} cannot be read (${codeOf(error) ?? 'unknown error'}). Check the path.`);
  });
  const headers = await signAs(config, { connector: options.connector, body });
  const server = options.url ?? (await addressOf(config));
  const url = new URL(`/webhooks/${options.connector}`, server);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    const why = error instanceof Error && error.cause !== undefined ? codeOf(error.cause) : codeOf(error);
    throw new UsageError(
      `No server could be reached at ${server} (${why ?? 'no answer'}). Start one with \`switchboard serve\`, or name it with --url.`,
    );
  });
  const reply: unknown = await response.json().catch(() => null);
  if (options.json) writeJson(io, { server, httpStatus: response.status, reply });
  if (!response.ok) throw new InputError({ message: detailOf(reply) ?? `The server returned ${response.status}.` });
  if (options.json) return;
  const isRepeated = response.status === 200;
  writeText(io, isRepeated ? 'It was stored before: nothing is done again.\n' : 'Accepted: a worker reads it now.\n');
}

/** The headers with which the helpdesk of a connector would send a body now. */
async function signAs(
  config: LoadedConfig,
  { connector, body }: { connector: string; body: Buffer },
): Promise<Readonly<Record<string, string>>> {
  const { settings, secrets, file } = config;
  const entry = Object.hasOwn(settings.connectors, connector) ? settings.connectors[connector] : undefined;
  const names = Object.keys(settings.connectors);
  if (entry === undefined) {
    const cure = suggest(connector, names) ?? `Configured: ${names.join(', ') || 'none'}.`;
    throw new UsageError(`There is no connector "${connector}". ${cure}`);
  }
  const { createConnectors } = await import('../../connectors/create-connectors.ts');
  const built = await createConnectors({
    settings: { [connector]: entry },
    secrets: secrets.connectors,
    dataDir: settings.dataDir,
    file: file ?? 'the sample configuration',
  });
  const { webhook, close } = built.get(connector) ?? {};
  await close?.();
  if (webhook === undefined) {
    const cure = (await lacksSecret(entry.type, secrets.connectors[connector]))
      ? ` Set ${secretVariable({ connector, secret: WEBHOOK_SECRET })}, with which its helpdesk signs.`
      : '';
    throw new UsageError(`The connector "${connector}" of the type ${entry.type} receives no webhooks.${cure}`);
  }
  return webhook.sign(body, new Date());
}

/** True for a type that could receive webhooks if it had the secret for them. */
async function lacksSecret(type: string, secrets: Readonly<Record<string, string>> = {}): Promise<boolean> {
  const { connectorDefinitions } = await import('../../connectors/registry.ts');
  const definition = connectorDefinitions.find((known) => known.type === type);
  return (
    secrets[WEBHOOK_SECRET] === undefined && definition?.secrets.some(({ name }) => name === WEBHOOK_SECRET) === true
  );
}

/** Where the server receives webhooks: the one that holds the embedded store, or the one of the configuration. */
async function addressOf(config: LoadedConfig): Promise<string> {
  const { findServer } = await import('../stored/stored-examples.ts');
  const { host, port, webhookPort } = config.settings.server;
  const running = webhookPort === undefined ? await findServer(config) : null;
  return running ?? `http://${reachableName(host)}:${webhookPort ?? port}`;
}

function detailOf(reply: unknown): string | null {
  if (typeof reply !== 'object' || reply === null || !('detail' in reply)) return null;
  return typeof reply.detail === 'string' ? reply.detail : null;
}
