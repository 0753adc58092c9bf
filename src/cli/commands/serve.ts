import { type Command, InvalidArgumentError } from 'commander';
import type { App } from '../../app.ts';
import type { Logger } from '../../base/logger.ts';
import { returnMemory, returnMemoryAtRest } from '../../base/return-memory.ts';
import type { LoadedConfig } from '../../config/config-schema.ts';
import type { Workspace } from '../../config/load-workspace.ts';
import { DEFAULT_PORT } from '../../config/server-settings.ts';
import { UsageError } from '../../errors.ts';
import type { HeldFolder } from '../../store/hold-folder.ts';
import { type CliIo, createProgress, type OnProgress, writeNote, writeText } from '../io.ts';
import { addConfigOption, addDataOption, type ConfigOption, loadCommandConfig } from '../load-command-config.ts';
import { readVersion } from '../read-version.ts';
import { formatGreeting } from '../serve/greeting.ts';
import { closeServers, holdPorts, listenOnPorts, urlToServe } from '../serve/hold-ports.ts';
import { logCrashes } from '../serve/log-crashes.ts';
import { addLogLevelOption, createLogger, type LogLevel } from '../serve/logger.ts';
import { createLineView, createLogView, type DecisionView, showDecisions } from '../serve/show-decisions.ts';
import { waitForStop } from '../serve/wait-for-stop.ts';
import { warnOfHelpdesks } from '../serve/warn-of-helpdesks.ts';

type ServeOptions = ConfigOption & {
  port?: number;
  demo?: boolean;
  quiet?: boolean;
  /** False with --no-worker. */
  worker: boolean;
  logLevel?: LogLevel;
};

export function registerServe(program: Command, io: CliIo): void {
  const command = program
    .command('serve')
    .description('serve the API and decide tickets, in one process')
    .option('--port <number>', 'port to listen on; 0 lets the system choose', parsePort)
    .option('--demo', 'send the tickets of the sample inbox to this server, one after another')
    .option('--quiet', 'do not print decisions')
    .option('--no-worker', 'accept and show tickets, and leave the deciding to "switchboard work" (needs PostgreSQL)')
    .addHelpText(
      'after',
      `
In a terminal, each decision is printed as a line. Otherwise it is a JSON line of the log. Of more than ten decisions in a
second, ten are printed and the others counted.
With --no-worker, this process has no engine, so it refuses POST /v1/route. POST /v1/tickets?wait=30s returns the
decision of a worker.

Examples:
  $ switchboard serve --demo
  $ switchboard serve --port 8080 --data /var/lib/switchboard
  $ DATABASE_URL=postgres://… switchboard serve --no-worker`,
    )
    .action((options: ServeOptions) => runServe(io, options));
  addLogLevelOption(addConfigOption(addDataOption(command)));
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}

async function runServe(io: CliIo, options: ServeOptions): Promise<void> {
  const config = await loadServeConfig(io, options);
  const { server: wanted } = config.settings;
  const isDemo = options.demo === true;
  const mayMove = options.port === undefined && (isDemo || wanted.port === DEFAULT_PORT);
  // Opening a store takes a second or two. Requests meanwhile get a 503, and no other program can take the port.
  const held = await holdPorts({ server: wanted, mayMove });

  const progress = createProgress(io);
  const startedMs = performance.now();
  const logger = await createLogger({ level: options.logLevel ?? (isDemo ? 'warn' : 'info') });
  logCrashes(logger);
  const { app, servers, hasPage, lost } = await openServers({
    config,
    progress,
    logger,
    hasEngine: options.worker,
    startingUrl: urlToServe(held),
  }).catch(async (error: unknown) => {
    await held.release();
    throw error;
  });
  let isStopping = false;
  const stopping = waitForStop(io).then(() => {
    isStopping = true;
    progress.end();
  });
  const playing = new AbortController();
  let hideDecisions = () => {};
  const stopReturning = returnMemoryAtRest();
  try {
    const urls = await listenOnPorts(servers, held);
    app.announceUrl(urls.url);
    progress.finish();
    const isStarting = options.worker;
    const shown = {
      io,
      app,
      config,
      ...urls,
      wantedPort: wanted.port,
      hasPage,
      isDemo,
      isStarting,
      version: readVersion(),
    };
    writeText(io, formatGreeting(shown));
    void warnOfHelpdesks(config, logger);
    if (isStarting) {
      // An engine that cannot be started ends the server, with its error; so does a store that is lost.
      await Promise.race([stopping, app.startWorker(), lost]);
      // Later trainings, after corrections, would write into the lines of decisions.
      progress.end();
    } else {
      setImmediate(returnMemory); // With an engine, that is done when it is ready.
    }
    if (!isStopping) {
      const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
      if (isStarting) writeText(io, `The engine is ready, ${seconds} s after the start. Tickets are decided now.\n\n`);
      if (!options.quiet) hideDecisions = showDecisions({ app, view: chooseView(io, { app, logger, isDemo }) });
      if (isDemo) void playDemo({ app, logger, signal: playing.signal });
    }
    await Promise.race([stopping, lost]);
  } finally {
    progress.finish();
    playing.abort();
    stopReturning();
    hideDecisions();
    await closeServers(servers);
    await app.close();
  }
  writeNote(io, 'Stopped. Every accepted ticket is stored; those without a decision are decided after the next start.');
}

/** Lines for people at a terminal and in the demo; otherwise lines of the log, for programs that collect it. */
function chooseView(io: CliIo, options: { app: App; logger: Logger; isDemo: boolean }): DecisionView {
  const { app, logger, isDemo } = options;
  return isDemo || io.stdout.isTTY === true ? createLineView(io, app) : createLogView(logger, app);
}

async function loadServeConfig(io: CliIo, options: ServeOptions): Promise<LoadedConfig> {
  const { assertRunnable } = await import('../../config/check-runnable.ts');
  const overrides = { server: { port: options.port } };
  const config = await loadCommandConfig(io, { ...options, overrides, quiet: true });
  if (config.isSample && !options.demo) {
    throw new UsageError(
      `There is no switchboard.yaml in ${io.cwd}. Name one with --config, or look at the sample company with "switchboard serve --demo".`,
    );
  }
  if (!options.worker && config.secrets.databaseUrl === null) {
    throw new UsageError(
      'A server without a worker needs a database that it shares with the workers. Set DATABASE_URL to a PostgreSQL, or leave out --no-worker: only one process can use the embedded store.',
    );
  }
  assertRunnable(config, { hasEngine: options.worker });
  return config;
}

/** Opens the app, whose engine starts in the background, and makes its HTTP servers. */
async function openServers(options: {
  config: LoadedConfig;
  progress: ReturnType<typeof createProgress>;
  logger: Logger;
  hasEngine: boolean;
  startingUrl: string | null;
}) {
  const { config, progress, logger, hasEngine, startingUrl } = options;
  const { held, workspace } = await startEmbedded({ config, progress, startingUrl });
  const opening = import('../../app.ts').then(({ createApp }) =>
    createApp({ config, onProgress: progress, logger, hasEngine, startsEngineLater: true, held, workspace }),
  );
  const [app, { createHttpServers }, { findPageDir }] = await Promise.all([
    opening,
    import('../../http/create-http-servers.ts'),
    import('../../http/page-files.ts'),
  ]).catch(async (error: unknown) => {
    await held?.then(({ close }) => close()).catch(() => {});
    throw error;
  });
  const {
    host,
    webhookPort,
    auth,
    allowedHosts,
    requestsPerMinute,
    trustProxy,
    maxEventStreams,
    maxEventStreamsPerAddress,
  } = config.settings.server;
  const pageDir = findPageDir();
  try {
    const servers = await createHttpServers({
      app,
      access: { host, allowedHosts, token: config.secrets.token, auth: auth ?? null },
      requestsPerMinute,
      trustProxy,
      webhookPort: webhookPort ?? null,
      streamLimits: { perProcess: maxEventStreams, perAddress: maxEventStreamsPerAddress },
      pageDir,
      log: logger,
      version: readVersion(),
    });
    // A server without its store would refuse every request until somebody looks; its supervisor starts an ended one again.
    const lost = held?.then((folder) => folder.lost) ?? new Promise<never>(() => {});
    lost.catch(() => undefined); // Reported where it is awaited.
    return { app, servers, hasPage: pageDir !== null, lost };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/**
 * Starts the thread of an embedded store, which opens it while this thread loads the rest of the program. A new store is
 * made only once taxonomy and examples could be read, so that a mistake in them is shown at once and leaves no folder.
 */
async function startEmbedded(options: {
  config: LoadedConfig;
  progress: OnProgress;
  startingUrl: string | null;
}): Promise<{ held: Promise<HeldFolder> | null; workspace: Workspace | null }> {
  const { config, progress, startingUrl } = options;
  const { secrets, settings } = config;
  if (secrets.databaseUrl !== null) return { held: null, workspace: null };
  const { hasStore, startHolding } = await import('../../store/hold-folder.ts');
  const workspace = hasStore(settings.dataDir)
    ? null
    : await (await import('../../config/load-workspace.ts')).loadWorkspace(config);
  const { held } = await startHolding({ dataDir: settings.dataDir, onProgress: progress, startingUrl });
  return { held, workspace };
}

async function playDemo(options: { app: App; logger: Logger; signal: AbortSignal }): Promise<void> {
  const { app, logger, signal } = options;
  const { playInbox, readSampleInbox } = await import('../serve/play-inbox.ts');
  try {
    await playInbox({ app, inbox: await readSampleInbox(), startId: `demo-${Date.now().toString(36)}`, signal });
  } catch (error) {
    if (!signal.aborted) {
      logger.error({ error: error instanceof Error ? error.name : 'unknown' }, 'the sample inbox stopped playing');
    }
  }
}
