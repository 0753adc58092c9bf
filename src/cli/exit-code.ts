import { CommanderError } from 'commander';
import { mapErrorForLog, type SafeError } from '../base/safe-error.ts';
import { type ErrorCode, SwitchboardError } from '../errors.ts';

export type ExitCode = 0 | 1 | 2;

const usageCodes: ReadonlySet<ErrorCode> = new Set(['usage', 'invalid-configuration', 'invalid-input']);

/** The exit code and the text for an error that ended a command: 2 for wrong usage or configuration, 1 for all others. */
export function mapErrorToExit(error: unknown): { exitCode: ExitCode; text: string } {
  // Commander has printed its message (unknown option, missing argument, help) before it throws.
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? 0 : 2, text: '' };
  if (error instanceof SwitchboardError) {
    return { exitCode: usageCodes.has(error.code) ? 2 : 1, text: error.message };
  }
  return {
    exitCode: 1,
    text: `An error that Switchboard does not expect, probably a bug:\n${formatSafeError(mapErrorForLog(error))}`,
  };
}

function formatSafeError({ name, code, message, stack = [], cause }: SafeError): string {
  const what = [name, code && `(${code})`, message && `: ${message}`].filter(Boolean).join(' ');
  const where = stack.map((line) => `\n    ${line}`).join('');
  return `${what}${where}${cause ? `\n  caused by ${formatSafeError(cause)}` : ''}`;
}
