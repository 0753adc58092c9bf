import { randomBytes } from 'node:crypto';
import { join, relative, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { Command } from 'commander';
import { UsageError } from '../../errors.ts';
import type { Asker } from '../init/asker.ts';
import type { InitResult } from '../init/run-init.ts';
import { type CliIo, writeJson, writeNote, writeText } from '../io.ts';

type InitOptions = { dir: string; answers?: string; json?: boolean };

/** As strong as the hash that webhooks are signed with. */
const SECRET_BYTES = 32;

export function registerInit(program: Command, io: CliIo): void {
  program
    .command('init')
    .description('ask for your helpdesk, test the key, and write switchboard.yaml in shadow mode')
    .option('--dir <folder>', 'folder that gets the files', '.')
    .option('--answers <file>', 'take all answers from a YAML or JSON file, and ask nothing')
    .option('--json', 'print what was written as JSON; with secrets that are in no file')
    .addHelpText(
      'after',
      `
Questions are put on stderr. Nothing is changed before the last one is answered. Secrets are typed hidden; they are printed at
the end, or written to .env.switchboard (only you can read it), and never stand in switchboard.yaml.

A file of answers has these fields. What lacks is listed at once; the others have the value shown:
  type: request-tracker            # needed: a type of docs/configuration.md#connectors
  name: desk                       # api for the type file
  settings: { url: … }             # the fields that the type needs, and others such as customFields: { intent: Intent }
  secrets: { TOKEN: … }            # better in the environment: SWITCHBOARD_CONNECTORS__DESK__TOKEN
  whenCheckFails: stop             # or go-on
  groups: []                       # names or ids of the groups or queues that are looked after; all when empty
  taxonomy: sample                 # needed: sample, categories (the helpdesk's own), or file with taxonomyFile: PATH
  examples: sample                 # sample (with its tree), none, or file with examplesFile: PATH
  teams: { order-related: Orders } # ids of top-level intents with their group, where the proposal by name is not right; null
                                   # for triage. Add a rule for a single intent below: docs/configuration.md#rules
  triage: Incoming                 # the group for what no engine is sure of; proposed by name when left out, null for none
  webhook: false                   # true with webhookUrl: https://hooks.acme.example (a loopback address sets the port of serve)
  secretsTo: print                 # or file
  overwrite: false                 # true replaces files that exist

Examples:
  $ switchboard init --dir ~/desk
  $ SWITCHBOARD_CONNECTORS__DESK__TOKEN=… switchboard init --answers answers.yaml --json`,
    )
    .action((options: InitOptions) => runCommand(io, options));
}

async function runCommand(io: CliIo, options: InitOptions): Promise<void> {
  const [{ runInit }, { connectorDefinitions: definitions }] = await Promise.all([
    import('../init/run-init.ts'),
    import('../../connectors/registry.ts'),
  ]);
  const who = await createAsker(io, options);
  const dir = resolve(io.cwd, options.dir);
  const createSecret = () => randomBytes(SECRET_BYTES).toString('hex');
  const result = await runInit({ ...who, definitions, env: io.env, dir, createSecret });
  const next = nextCommands(io, result);
  if (options.json) writeJson(io, { ...result, next });
  else writeText(io, await formatResult(io, { result, next }));
}

/** Who answers, and the settings that they give unasked. */
async function createAsker(
  io: CliIo,
  { answers: file }: InitOptions,
): Promise<{ readonly asker: Asker; readonly settings?: Readonly<Record<string, unknown>> }> {
  if (file !== undefined) {
    const [{ assertComplete, createAnswersAsker, readAnswers }, { connectorDefinitions: definitions }] =
      await Promise.all([import('../init/answers.ts'), import('../../connectors/registry.ts')]);
    const answers = await readAnswers(resolve(io.cwd, file));
    assertComplete({ answers, definitions, env: io.env });
    const { settings } = answers;
    return { asker: createAnswersAsker(answers, (text) => writeNote(io, text)), settings };
  }
  if (io.stdin.isTTY !== true || io.stderr.isTTY !== true) {
    throw new UsageError(
      'There is no terminal to ask at. Give the answers in a file: `switchboard init --answers FILE`; `switchboard init --help` lists them.',
    );
  }
  const { createPromptAsker } = await import('../init/prompt-asker.ts');
  // The casts: a terminal's streams are of these classes.
  return { asker: createPromptAsker({ input: io.stdin as Readable, output: io.stderr as Writable }) };
}

/** What to do next, as it is typed here. */
function nextCommands(io: CliIo, { dir }: InitResult): string[] {
  // npm sets this for what `npx` starts.
  const program = io.env.npm_command === 'exec' ? 'npx switchboard' : 'switchboard';
  const from = relative(io.cwd, join(dir, 'switchboard.yaml'));
  const config =
    from === 'switchboard.yaml'
      ? ''
      : ` --config ${quotePath(from.startsWith('..') ? join(dir, 'switchboard.yaml') : from)}`;
  return ['config check', 'doctor', 'serve'].map((command) => `${program} ${command}${config}`);
}

const quotePath = (path: string) => (/^[\w./~@%+,=:-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

async function formatResult(
  { colors, isTty }: CliIo,
  { result, next }: { result: InitResult; next: readonly string[] },
): Promise<string> {
  const { bold, dim } = colors;
  const { dir, files, connector, webhook, environment, environmentFile } = result;
  const { exportLines } = await import('../init/secret-lines.ts');
  const [check = '', doctor = '', serve = ''] = next;
  const width = Math.max(...next.map((command) => command.length));
  // A line between the last question and this.
  const lines = [...(isTty ? [''] : []), `${bold('Written')} to ${dir}: ${files.join(', ')}`];
  if (Object.keys(environment).length > 0) {
    lines.push(
      '',
      'Set the secrets, which were written to no file:',
      ...exportLines(environment).map((line) => `  ${line}`),
    );
  }
  if (environmentFile !== null) {
    lines.push('', 'Set the secrets in each shell:', `  set -a; . ${quotePath(join(dir, environmentFile))}; set +a`);
  }
  if (webhook !== null) {
    const what = {
      created: `${connector.title} now sends webhooks to ${webhook.url}`,
      'by-hand': `Have webhooks sent to ${webhook.url}, signed with the WEBHOOK_SECRET: ${webhook.detail}.`,
      failed: `The webhook to ${webhook.url} could not be made: ${webhook.detail}.`,
    };
    lines.push('', what[webhook.state], `${webhook.reach}.`);
  }
  lines.push(
    '',
    bold('Next'),
    `  ${check.padEnd(width)}  ${dim('# what is wrong or worth a look in the files')}`,
    `  ${doctor.padEnd(width)}  ${dim('# the helpdesk, the engine, the store')}`,
    `  ${serve.padEnd(width)}  ${dim('# decides tickets')}`,
    '',
    'It is in shadow mode: nothing is written to the helpdesk until you change `mode` in switchboard.yaml.',
  );
  return `${lines.join('\n')}\n`;
}
