import type { FileHandle } from 'node:fs/promises';

const READ_SIZE = 256 * 1024;
/** A body of 200,000 characters, each escaped as in JSON, is shorter. */
const MAX_RECORD_BYTES = 4 * 1024 * 1024;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;

/** A line, or a row of CSV whose quoted fields may contain line ends. */
export type RawRecord = {
  /** Offset of its first byte, and of the byte after its line end. */
  readonly start: number;
  readonly end: number;
  /** Number of its first line, counted from 1. */
  readonly line: number;
  /** Without the line end; empty where it is too long to be read. */
  readonly bytes: Buffer;
  /** Why it cannot be read; null when its bytes can be parsed. */
  readonly fault: string | null;
};

export type RecordStart = { readonly offset: number; readonly line: number };

/**
 * Reads the records of a file from a position, in memory that does not grow with the file. After a quote that is not closed,
 * it goes on with the next line, so that one wrong row costs no other. Parsers of CSV lose the rows behind it, and do not say
 * where a row begins, which going on after a restart and erasing need. With `delimiter` null, each line is a record.
 */
export async function* splitRecords(
  file: FileHandle,
  options: { readonly from: RecordStart; readonly delimiter: number | null; readonly maxBytes?: number },
): AsyncGenerator<RawRecord> {
  const { from, delimiter, maxBytes = MAX_RECORD_BYTES } = options;
  let { offset: start, line } = from;
  let pending: Buffer = Buffer.alloc(0);
  let isAtEnd = false;
  const readMore = async () => {
    const chunk = Buffer.allocUnsafe(READ_SIZE);
    const { bytesRead } = await file.read(chunk, 0, READ_SIZE, start + pending.length);
    isAtEnd = bytesRead === 0;
    pending =
      pending.length === 0 ? chunk.subarray(0, bytesRead) : Buffer.concat([pending, chunk.subarray(0, bytesRead)]);
  };
  const take = (length: number, fault: string | null): RawRecord => {
    const bytes = pending.subarray(0, length);
    const record = {
      start,
      end: start + length,
      line,
      bytes: fault === null ? trimEnd(bytes) : Buffer.alloc(0),
      fault,
    };
    pending = pending.subarray(length);
    start += length;
    line += countNewlines(bytes);
    return record;
  };

  for (;;) {
    if (pending.length === 0) {
      await readMore();
      if (isAtEnd) return;
    }
    const isTooLong = pending.length > maxBytes;
    const found = findRecordEnd(pending, { delimiter, isAtEnd: isAtEnd || isTooLong });
    if (found !== null && found.end <= maxBytes) {
      yield take(found.end, found.fault);
      continue;
    }
    if (!isTooLong) {
      await readMore();
      continue;
    }
    // The rest of the line is passed over piece by piece.
    const begun = { start, line };
    for (let end = pending.indexOf(NEWLINE); ; end = pending.indexOf(NEWLINE)) {
      take(end === -1 ? pending.length : end + 1, 'too long');
      if (end !== -1) break;
      await readMore();
      if (isAtEnd) break;
    }
    const fault = `it is longer than ${maxBytes} bytes`;
    yield { ...begun, end: start, bytes: Buffer.alloc(0), fault };
  }
}

type Found = { readonly end: number; readonly fault: string | null };

/** The length of the first record with its line end; null when more bytes are needed. */
function findRecordEnd(bytes: Buffer, options: { delimiter: number | null; isAtEnd: boolean }): Found | null {
  const { delimiter, isAtEnd } = options;
  const lineEnd = bytes.indexOf(NEWLINE);
  const line: Found | null =
    lineEnd !== -1 ? { end: lineEnd + 1, fault: null } : isAtEnd ? { end: bytes.length, fault: null } : null;
  if (delimiter === null || line === null) return line;
  // Most rows have no quoted line end.
  if (!bytes.subarray(0, line.end).includes(QUOTE)) return line;
  const wrong = (fault: string): Found => ({ end: line.end, fault });
  let state: 'field' | 'start' | 'quoted' | 'closed' = 'start';
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (state === 'quoted') {
      if (byte === QUOTE) state = 'closed';
    } else if (byte === NEWLINE) return { end: at + 1, fault: null };
    else if (byte === delimiter) state = 'start';
    else if (byte === QUOTE && state === 'start') state = 'quoted';
    else if (state === 'closed') {
      if (byte === QUOTE) state = 'quoted';
      else if (byte !== RETURN) return wrong('a quote closes in the middle of a field');
    } else state = 'field';
  }
  if (!isAtEnd) return null;
  return state === 'quoted' ? wrong('a quote is opened and never closed') : { end: bytes.length, fault: null };
}

function trimEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  if (bytes[end - 1] === NEWLINE) end -= 1;
  if (bytes[end - 1] === RETURN) end -= 1;
  return bytes.subarray(0, end);
}

function countNewlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

/** The fields of a row that `splitRecords` found to be whole. */
export function splitRow(text: string, delimiter: string): string[] {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      let value = '';
      for (;;) {
        const close = text.indexOf('"', at + 1);
        value += text.slice(at + 1, close);
        at = close + 1;
        if (text[at] !== '"') break;
        value += '"';
      }
      fields.push(value);
    } else {
      const end = text.indexOf(delimiter, at);
      fields.push(end === -1 ? text.slice(at) : text.slice(at, end));
      at = end === -1 ? text.length : end;
    }
    if (at >= text.length) return fields;
    at += 1;
  }
}
