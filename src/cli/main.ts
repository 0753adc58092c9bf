import { Command } from 'commander';
import { type ExitCode, mapErrorToExit } from './exit-code.ts';
import { type CliIo, createCliIo, type ProcessStreams, writeNote, writeQuestion, writeText } from './io.ts';
import { readVersion } from './read-version.ts';

export { readVersion };

type RegisterCommand = (program: Command, io: CliIo) => void;

/** In the order of `--help`. The module of a command is loaded only when it is called, so that it starts quickly. */
const commands: Readonly<Record<string, () => Promise<RegisterCommand>>> = {
  init: async () => (await import('./commands/init.ts')).registerInit,
  serve: async () => (await import('./commands/serve.ts')).registerServe,
  work: async () => (await import('./commands/work.ts')).registerWork,
  route: async () => (await import('./commands/route.ts')).registerRoute,
  rules: async () => (await import('./commands/rules.ts')).registerRules,
  prompt: async () => (await import('./commands/prompt.ts')).registerPrompt,
  evaluate: async () => (await import('./commands/evaluate.ts')).registerEvaluate,
  calibrate: async () => (await import('./commands/calibrate.ts')).registerCalibrate,
  calibrations: async () => (await import('./commands/calibrations.ts')).registerCalibrations,
  compare: async () => (await import('./commands/compare.ts')).registerCompare,
  runs: async () => (await import('./commands/runs.ts')).registerRuns,
  rate: async () => (await import('./commands/rate.ts')).registerRate,
  dataset: async () => (await import('./commands/dataset.ts')).registerDataset,
  advise: async () => (await import('./commands/advise.ts')).registerAdvise,
  examples: async () => (await import('./commands/examples.ts')).registerExamples,
  import: async () => (await import('./commands/import.ts')).registerImport,
  receive: async () => (await import('./commands/receive.ts')).registerReceive,
  undo: async () => (await import('./commands/undo.ts')).registerUndo,
  user: async () => (await import('./commands/user.ts')).registerUser,
  token: async () => (await import('./commands/token.ts')).registerToken,
  erase: async () => (await import('./commands/erase.ts')).registerErase,
  migrate: async () => (await import('./commands/migrate.ts')).registerMigrate,
  doctor: async () => (await import('./commands/doctor.ts')).registerDoctor,
  config: async () => (await import('./commands/config.ts')).registerConfig,
};

/** Runs one command line and returns its exit code. `argv` does not include the name of the program. */
export async function main({ argv, ...streams }: ProcessStreams & { argv: readonly string[] }): Promise<ExitCode> {
  const io = createCliIo(streams);
  endQuietlyOnBrokenPipe(io, argv[0]);
  try {
    const program = await createProgram(io, argv[0]);
    await program.parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (error) {
    const { exitCode, text } = mapErrorToExit(error);
    if (text !== '') writeNote(io, text);
    return exitCode;
  }
}

/** Loads only the called command, or all of them when help or a suggestion needs their names. */
async function createProgram(io: CliIo, called: string | undefined): Promise<Command> {
  const program = new Command('switchboard')
    .description("Reads each support ticket, works out what the customer needs, and puts it on the right team's desk.")
    .version(readVersion(), '-V, --version')
    .configureOutput({
      writeOut: (text) => writeText(io, text),
      writeErr: (text) => writeQuestion(io, text),
    })
    .configureHelp({ showGlobalOptions: false })
    .showHelpAfterError('(add --help to see how it is used)')
    .addHelpText(
      'after',
      '\nStart here:\n  $ switchboard serve --demo\n  $ switchboard init\n  $ switchboard route --text "I was charged twice"',
    )
    .exitOverride();
  const load = called === undefined ? undefined : ownValue(commands, called);
  const needed = load ? [load] : called === '--version' || called === '-V' ? [] : Object.values(commands);
  for (const loadOne of needed) (await loadOne())(program, io);
  if (called === undefined) {
    program.action(() => {
      program.outputHelp();
    });
  }
  return program;
}

function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** `switchboard … | head -1` closes stdout early: that is no failure of a command, and a server keeps running. */
function endQuietlyOnBrokenPipe(io: CliIo, called: string | undefined): void {
  const isServer = called === 'serve' || called === 'work';
  for (const stream of [io.stdout, io.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!isServer) process.exit(error.code === 'EPIPE' ? 0 : 1);
    });
  }
}
