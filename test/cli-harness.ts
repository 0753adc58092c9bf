// Runs the real program, bin/switchboard.js, as a user would, or its command line in this process. Every process that is
// started here is also ended here.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterAll, afterEach } from 'vitest';
import { main } from '../src/cli/main.ts';
import { copyShopModel, writeShop } from '../src/testing/shop-folder.ts';
import { copyStoreTemplate } from '../src/testing/store-template.ts';

export const root = join(import.meta.dirname, '..');
const program = join(root, 'bin', 'switchboard.js');

export type RunOptions = {
  readonly cwd: string;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Path of the Node that starts the program; the Node of the tests when left out. */
  readonly node?: string;
  /** Whether the process runs until the last test of the file, and not only until the end of this test. */
  readonly isShared?: boolean;
};
export type RunResult = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A temporary folder, which is deleted on disposal. */
export function createTempDir(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'switchboard-test-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/**
 * A temporary folder with the configuration of a small shop, which the embedded engine learns quickly. With
 * `hasStore` it also has an empty store, with `hasModel` the trained model: copies of templates, because making them is
 * slow.
 */
export function createShopDir({ hasStore = true, hasModel = true } = {}): ReturnType<typeof createTempDir> {
  const dir = createTempDir();
  if (hasStore) copyStoreTemplate(join(dir.path, '.switchboard'));
  if (hasModel) copyShopModel(join(dir.path, '.switchboard'));
  writeShop(dir.path);
  return dir;
}

/** An environment without the keys, the database and the token of the machine that runs the tests. */
function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'SystemRoot'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), ...extra };
}

function start(args: readonly string[], options: RunOptions): ChildProcess {
  const child = spawn(options.node ?? process.execPath, [program, ...args], {
    cwd: options.cwd,
    env: cleanEnvironment(options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const own = options.isShared === true ? shared : running;
  own.add(child);
  child.once('exit', () => own.delete(child));
  return child;
}

const running = new Set<ChildProcess>();
const shared = new Set<ChildProcess>();
// A test that times out does not reach its own clean-up.
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});
afterAll(() => {
  for (const child of shared) child.kill('SIGKILL');
});

export function runCli(args: readonly string[], options: RunOptions): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = start(args, options);
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin?.on('error', () => {}); // the program may end without reading its input
    child.stdin?.end(options.stdin ?? '');
  });
}

/** Runs the command line in this process, which is quicker, for tests that do not depend on how the program starts. */
export async function runMain(
  args: readonly string[],
  options: Pick<RunOptions, 'cwd' | 'stdin' | 'env'> & { readonly typesAtTerminal?: boolean },
): Promise<RunResult> {
  const stdout = collect({ isTTY: false });
  const stderr = collect({ isTTY: false });
  const code = await main({
    argv: args,
    env: cleanEnvironment(options.env),
    cwd: options.cwd,
    stdin: Object.assign(Readable.from([Buffer.from(options.stdin ?? '')]), {
      isTTY: options.typesAtTerminal === true,
    }),
    stdout: stdout.stream,
    stderr: stderr.stream,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collect(terminal: { isTTY: boolean }) {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return { stream: Object.assign(stream, terminal), text: () => text };
}

export type RunningProcess = AsyncDisposable & {
  /** Sends the signal and resolves with the exit code. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
};

export type RunningServer = RunningProcess & {
  readonly url: string;
  readonly pid: number;
  stdout(): string;
  stderr(): string;
};

/** Starts `work`. */
export function startWorkerProcess(options: RunOptions): RunningProcess {
  const child = start(['work'], options);
  child.stdout?.resume();
  child.stderr?.resume();
  return processOf(child, new Promise((resolve) => child.once('close', resolve)));
}

function processOf(child: ChildProcess, ended: Promise<number | null>): RunningProcess {
  return {
    stop(signal) {
      child.kill(signal);
      return ended;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Starts `serve` and waits until it has printed its address. */
export async function startServer(args: readonly string[], options: RunOptions): Promise<RunningServer> {
  const child = start(['serve', ...args], options);
  let stdout = '';
  let stderr = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
      const [, found] = /^ {2}address +(http:\S+?),? /m.exec(stdout) ?? [];
      if (found !== undefined && stdout.includes('Ctrl-C')) resolve(found);
    });
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    void ended.then((code) => reject(new Error(`serve ended with ${code}:\n${stdout}\n${stderr}`)));
  });
  return {
    ...processOf(child, ended),
    url,
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
  };
}

export type ServerEvent = { readonly event: string; readonly ticketId: string | null };

/** The server's event stream, beginning with `hello`, until the reader stops or the server ends. */
export async function* followEvents(
  url: string,
  { lastEventId }: { lastEventId?: number } = {},
): AsyncGenerator<ServerEvent> {
  const stop = new AbortController();
  try {
    const headers = lastEventId === undefined ? {} : { 'last-event-id': `${lastEventId}` };
    const response = await fetch(`${url}/v1/events`, { headers, signal: stop.signal });
    let text = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = `${text}${chunk}`.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
        const event = field('event');
        if (event !== '') yield { event, ticketId: event === 'hello' ? null : JSON.parse(field('data')).ticketId };
      }
    }
  } finally {
    stop.abort();
  }
}

/** Path of a Node on the PATH that is too old for the sources; null when there is none. */
export function findOldNode(): string | null {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  for (const path of candidates) {
    if (!existsSync(path) || path.startsWith(root)) continue;
    const [major = 0, minor = 0] = execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' })
      .split('.')
      .map(Number);
    if (major >= 18 && (major < 22 || (major === 22 && minor < 12))) return path;
  }
  return null;
}
