import { createInterface } from 'node:readline';
import { UsageError } from '../errors.ts';
import { type CliIo, writeQuestion } from './io.ts';

/** Asks at a terminal whether to go on. Throws UsageError where there is none; `done` is what was not: "removed". */
export async function confirm(io: CliIo, { question, done }: { question: string; done: string }): Promise<boolean> {
  if (io.stdin.isTTY !== true) {
    throw new UsageError(`Nothing was ${done}: there is no terminal to ask at. Add --yes to go on without asking.`);
  }
  writeQuestion(io, `${question} [y/N] `);
  const lines = createInterface({ input: io.stdin });
  const { value } = await lines[Symbol.asyncIterator]().next();
  lines.close();
  return /^y(es)?$/i.test(String(value ?? '').trim());
}
