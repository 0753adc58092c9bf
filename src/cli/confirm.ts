import { createInterface } from 'node:readline';
import { UsageError } from '../errors.ts';
import { type CliIo, writeQuestion } from './io.ts';

/**
 * Asks at the terminal whether to go on. `done` is a word for what was not done, such as "removed". Throws UsageError when
 * standard input is no terminal.
 */
export async function confirm(io: CliIo, { question, done }: { question: string; done: string }): Promise<boolean> {
  if (io.stdin.isTTY !== true) {
    throw new UsageError(
      `Nothing was ${done}: there is no terminal to ask for a yes. Add --yes to do it without asking.`,
    );
  }
  writeQuestion(io, `${question} [y/N] `);
  const lines = createInterface({ input: io.stdin });
  const { value } = await lines[Symbol.asyncIterator]().next();
  lines.close();
  return /^y(es)?$/i.test(String(value ?? '').trim());
}
