import picocolors from 'picocolors';
import type { OnProgress } from '../base/progress.ts';
import { printableJson, printableOutput } from './printable.ts';

type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };
type Environment = Readonly<Record<string, string | undefined>>;
type Colors = ReturnType<typeof picocolors.createColors>;

/** Input and output of a command. Results go to stdout, everything else to stderr. */
export type CliIo = {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Input;
  readonly env: Environment;
  readonly cwd: string;
  /** Whether stderr is a terminal, on which progress can redraw its line. */
  readonly isTty: boolean;
  /** Colours for stdout; they do nothing when it is no terminal or NO_COLOR is set. */
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

/** Any value of NO_COLOR but the empty one turns colours off (https://no-color.org); FORCE_COLOR turns them on for a pipe. */
function wantsColor({ stdout, env }: ProcessStreams): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0') return true;
  return stdout.isTTY === true && env.TERM !== 'dumb';
}

/** Writes the result of a command with --json: one JSON document on stdout. */
export function writeJson(io: Pick<CliIo, 'stdout'>, value: unknown): void {
  io.stdout.write(`${printableJson(value, 2)}\n`);
}

/** Writes text for people on stdout. The text includes its line ends. */
export function writeText(io: Pick<CliIo, 'stdout' | 'colors'>, text: string): void {
  io.stdout.write(printableOutput(text, { colors: io.colors.isColorSupported }));
}

/** Writes a line for people on stderr, without colours. */
export function writeNote(io: Pick<CliIo, 'stderr'>, text: string): void {
  io.stderr.write(`${printableOutput(text, { colors: false })}\n`);
}

/** Writes text on stderr without a line end: a question is answered on the same line. */
export function writeQuestion(io: Pick<CliIo, 'stderr' | 'isTty' | 'colors'>, text: string): void {
  io.stderr.write(printableOutput(text, { colors: io.isTty && io.colors.isColorSupported }));
}

/** Reads standard input to its end, as UTF-8. */
export async function readStdin(io: CliIo): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of io.stdin) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks).toString('utf8');
}

export { createProgress, type Progress } from './progress.ts';
export type { OnProgress };
