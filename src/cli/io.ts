import picocolors from 'picocolors';
import type { OnProgress } from '../base/progress.ts';
import { printableJson, printableOutput } from './printable.ts';

type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };
type Environment = Readonly<Record<string, string | undefined>>;
type Colors = ReturnType<typeof picocolors.createColors>;

/** What a command sees of the terminal. Results go to stdout, everything else to stderr. */
export type CliIo = {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Input;
  readonly env: Environment;
  readonly cwd: string;
  /** stderr is a terminal: progress may be drawn over itself. */
  readonly isTty: boolean;
  /** For stdout; plain when it is not a terminal or NO_COLOR is set. */
  readonly colors: Colors;
};

export type ProcessStreams = {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Input;
  readonly env: Environment;
  readonly cwd: string;
};

export function createCliIo(streams: ProcessStreams): CliIo {
  return {
    ...streams,
    isTty: streams.stderr.isTTY === true && streams.env.TERM !== 'dumb',
    colors: picocolors.createColors(wantsColor(streams)),
  };
}

/** https://no-color.org: any value that is not empty turns colours off; FORCE_COLOR turns them on for a pipe. */
function wantsColor({ stdout, env }: ProcessStreams): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0') return true;
  return stdout.isTTY === true && env.TERM !== 'dumb';
}

/** One JSON document on stdout: the whole result of a command under --json. */
export function writeJson(io: Pick<CliIo, 'stdout'>, value: unknown): void {
  io.stdout.write(`${printableJson(value, 2)}\n`);
}

/** Text for people, on stdout; line ends are the caller's. */
export function writeText(io: Pick<CliIo, 'stdout' | 'colors'>, text: string): void {
  io.stdout.write(printableOutput(text, { colors: io.colors.isColorSupported }));
}

/** A line for people, on stderr, without colours. */
export function writeNote(io: Pick<CliIo, 'stderr'>, text: string): void {
  io.stderr.write(`${printableOutput(text, { colors: false })}\n`);
}

/** A question on stderr, whose answer is typed behind it. */
export function writeQuestion(io: Pick<CliIo, 'stderr' | 'isTty' | 'colors'>, text: string): void {
  io.stderr.write(printableOutput(text, { colors: io.isTty && io.colors.isColorSupported }));
}

export async function readStdin(io: CliIo): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of io.stdin) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks).toString('utf8');
}

export { createProgress, type Progress } from './progress.ts';
export type { OnProgress };
