// Starts the real program as a child, as a user does.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

export type Started = { readonly child: ChildProcess; readonly url: string; readonly listeningMs: number };

/**
 * Starts a command of a checkout of the program, without a key of Claude, and waits for its address; a worker has none, so it
 * counts as started when it says that it works.
 */
export async function startProgram(options: {
  readonly checkout: string;
  readonly command: readonly string[];
  readonly config: string;
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
}): Promise<Started> {
  const { checkout, command, config, dataDir, env = {} } = options;
  const startedMs = performance.now();
  const bin = join(checkout, 'bin/switchboard.js');
  const child = spawn(process.execPath, [bin, ...command, '--config', config, '--data', dataDir], {
    cwd: dataDir,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ANTHROPIC_API_KEY: '', ...env },
  });
  let text = '';
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      text += String(chunk);
      const url = /^ {2}address +(http:[^\s,]+)/m.exec(text)?.[1] ?? (command[0] === 'work' ? '' : undefined);
      if (url !== undefined) resolve({ child, url, listeningMs: performance.now() - startedMs });
    });
    child.once('exit', () => reject(new Error(`The program ended before it listened:\n${text}`)));
  });
}

/** Time until the server has accepted a ticket and returned its decision. */
export async function decideFirst({ url }: Started): Promise<number> {
  const startedMs = performance.now();
  for (;;) {
    const response = await fetch(`${url}/v1/tickets?wait=60s`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ body: 'Where is my parcel? It is late.' }),
    });
    if ((await response.text()).includes('"decision"')) return performance.now() - startedMs;
  }
}

/** Stops a program as Ctrl-C does. */
export async function stopProgram({ child }: Started): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  await ended;
}
