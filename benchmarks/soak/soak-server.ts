import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const program = join(import.meta.dirname, '../../bin/switchboard.js');

export type SoakServer = {
  readonly pid: number;
  /** Milliseconds until it printed its address. */
  readonly startedMs: number;
  /** Sends the signal; resolves when the process has ended. */
  stop(signal: NodeJS.Signals): Promise<void>;
};

/** Starts `serve` on a port. `onProblem` is called with each error that it logs, and when it ends by itself. */
export function startSoakServer(options: {
  cwd: string;
  port: number;
  databaseUrl: string | null;
  onProblem: (problem: string) => void;
}): Promise<SoakServer> {
  const { cwd, port, databaseUrl, onProblem } = options;
  const startedAt = performance.now();
  const child = spawn(process.execPath, [program, 'serve', '--quiet', '--port', `${port}`], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ANTHROPIC_API_KEY: '', DATABASE_URL: databaseUrl ?? '' },
  });
  let isStopping = false;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      if (!isStopping) onProblem(`the server ended by itself (${signal ?? code})`);
      resolve();
    });
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (isErrorLine(line)) onProblem(line);
  });
  const stop = (signal: NodeJS.Signals) => {
    isStopping = true;
    child.kill(signal);
    return ended;
  };
  return new Promise((resolve, reject) => {
    onAddress(child, () => resolve({ pid: child.pid ?? 0, startedMs: performance.now() - startedAt, stop }));
    void ended.then(() => reject(new Error('The server ended before it printed its address.')));
  });
}

function onAddress(child: ChildProcess, done: () => void): void {
  let text = '';
  child.stdout?.on('data', (chunk) => {
    if (text.length < 10_000) text += String(chunk);
    if (/^ {2}address +http:/m.test(text)) done();
  });
}

/** pino writes an error as level 50 and what ends the program as 60; a line that is no JSON comes from a crash. */
export function isErrorLine(line: string): boolean {
  try {
    const { level } = JSON.parse(line) as { level?: unknown };
    return typeof level === 'number' && level >= 50;
  } catch {
    return /error/i.test(line);
  }
}
