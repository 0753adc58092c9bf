import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { codeOf } from '../base/safe-error.ts';

const READ_SIZE = 256 * 1024;
const NEWLINE = 0x0a;

/** The start of a line as `mapDelivery` writes it. Also matches an incomplete line, if it contains the ticket's id. */
const lineStart = /^\{"decisionId":("(?:[^"\\]|\\.)*"),"at":"[^"]*","ticketId":("(?:[^"\\]|\\.)*")/;
const erasedLine = /^\{"decisionId":("(?:[^"\\]|\\.)*"),"erased":true\}(.*)$/s;

/**
 * Overwrites the lines of these tickets with `{"decisionId":"d-…","erased":true}` and spaces up to the old length.
 * Other lines do not move, so programs that append to the file or follow it are not disturbed, and after a crash it can
 * simply run again. Returns the number of lines that were overwritten; 0 when there is no such file.
 */
export async function eraseLines(options: { path: string; ticketIds: ReadonlySet<string> }): Promise<number> {
  const { path, ticketIds } = options;
  const file = await open(path, 'r+').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return 0;
  await using handle = file;
  // A pipe or a terminal stores nothing.
  if (!(await handle.stat()).isFile()) return 0;
  let count = 0;
  for await (const { line, position } of readLines(handle)) {
    const text = replacementOf(line, ticketIds);
    if (text === null) continue;
    await handle.write(text, 0, text.length, position);
    count += 1;
  }
  if (count > 0) await handle.datasync();
  return count;
}

/** Returns the bytes that replace a line, in the same length; null for a line that stays. */
function replacementOf(line: Buffer, ticketIds: ReadonlySet<string>): Buffer | null {
  const text = line.toString('utf8');
  const begun = erasedLine.exec(text);
  // The line was overwritten before; if a crash interrupted that, old text remains after the mark.
  if (begun !== null) return begun[2]?.trim() === '' ? null : blank(line, begun[1]);
  const found = lineStart.exec(text);
  if (found !== null) return ticketIds.has(parseString(found[2])) ? blank(line, found[1]) : null;
  const { decisionId, ticketId } = parseObject(text);
  if (typeof ticketId !== 'string' || !ticketIds.has(ticketId)) return null;
  return blank(line, typeof decisionId === 'string' ? JSON.stringify(decisionId) : undefined);
}

function blank(line: Buffer, decisionId: string | undefined): Buffer {
  const mark = Buffer.from(decisionId === undefined ? '' : `{"decisionId":${decisionId},"erased":true}`);
  const filled = Buffer.alloc(line.length, ' ');
  if (mark.length <= line.length) mark.copy(filled);
  return filled;
}

/** Yields each line without its line feed, and the position of its first byte. The last line may have no line feed. */
async function* readLines(file: FileHandle): AsyncGenerator<{ line: Buffer; position: number }> {
  const buffer = Buffer.alloc(READ_SIZE);
  let rest: Buffer = Buffer.alloc(0);
  let position = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, READ_SIZE, position + rest.length);
    if (bytesRead === 0) break;
    const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      yield { line: bytes.subarray(start, end), position: position + start };
      start = end + 1;
    }
    rest = bytes.subarray(start);
    position += start;
    await setImmediate();
  }
  if (rest.length > 0) yield { line: rest, position };
}

function parseString(quoted: string | undefined): string {
  return String(JSON.parse(quoted ?? '""'));
}

function parseObject(text: string): { decisionId?: unknown; ticketId?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
