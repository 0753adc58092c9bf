import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { codeOf } from '../../base/safe-error.ts';

const READ_SIZE = 256 * 1024;
const NEWLINE = 0x0a;

/** As `mapDelivery` writes it. Also matches a line that a crash tore behind the ticket's id. */
const lineStart = /^\{"decisionId":("(?:[^"\\]|\\.)*"),"at":"[^"]*","ticketId":("(?:[^"\\]|\\.)*")/;
const takenOut = /^\{"decisionId":("(?:[^"\\]|\\.)*"),"erased":true\}(.*)$/s;

/**
 * Writes over the lines of these tickets: what stays is `{"decisionId":"d-…","erased":true}`, filled up with spaces to the
 * old length. Nothing moves in the file, so whatever appends to it or follows it meanwhile goes on undisturbed, and a
 * crash costs nothing but doing it again. Returns how many lines were written over.
 */
export async function takeOutLines(options: { path: string; ticketIds: ReadonlySet<string> }): Promise<number> {
  const { path, ticketIds } = options;
  const file = await open(path, 'r+').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return 0;
  await using handle = file;
  // A pipe or a terminal keeps nothing.
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

/** What to write in the place of a line, byte for byte; null for one that stays. */
function replacementOf(line: Buffer, ticketIds: ReadonlySet<string>): Buffer | null {
  const text = line.toString('utf8');
  const begun = takenOut.exec(text);
  // A crash came in between.
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

/** The lines with where each begins, without their ends; the last one may lack its end. */
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
