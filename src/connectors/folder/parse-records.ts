import type { FileHandle } from 'node:fs/promises';
import type { FolderFormat } from './definition.ts';
import { type CsvHeader, type Fault, type ParsedRecord, parseCsvHeader, parseLine, parseRow } from './parse-record.ts';
import { readMail } from './read-mail.ts';
import { type RecordStart, splitRecords } from './split-records.ts';

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const wideBoms = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

/** A ticket of a file, or what cannot be read, with the bytes that it takes. */
export type FileRecord = {
  readonly start: number;
  readonly end: number;
  /** Null for the file as a whole. */
  readonly line: number | null;
  readonly parsed: ParsedRecord;
};

/** Reads the records of a file, one after the other, from its beginning or from where one begins. Empty lines are none. */
export async function* parseRecords(
  file: FileHandle,
  options: { readonly format: FolderFormat; readonly from: RecordStart | null; readonly now: Date },
): AsyncGenerator<FileRecord> {
  const { format, from, now } = options;
  if (format === 'eml') {
    const { size } = await file.stat();
    yield { start: 0, end: size, line: null, parsed: await readMail(file, now) };
    return;
  }
  const first = await findStart(file, format);
  if ('fault' in first) {
    yield { start: 0, end: 0, line: null, parsed: first };
    return;
  }
  const { header, ...begin } = first;
  const delimiter = header === null ? null : header.delimiter.charCodeAt(0);
  for await (const { start, end, line, bytes, fault } of splitRecords(file, { from: from ?? begin, delimiter })) {
    if (fault !== null) yield { start, end, line, parsed: { fault: { message: fault, cure: 'Correct the line.' } } };
    else if (!isBlank(bytes)) {
      yield { start, end, line, parsed: header === null ? parseLine(bytes) : parseRow(bytes, header) };
    }
  }
}

const isBlank = (bytes: Buffer) => bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);

type Start = RecordStart & { readonly header: CsvHeader | null };

/** Where the first ticket of a file is: after a mark of UTF-8, and after the header of a CSV file. */
async function findStart(file: FileHandle, format: FolderFormat): Promise<Start | { readonly fault: Fault }> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(BOM.length), 0, BOM.length, 0);
  if (wideBoms.some((bom) => bytesRead >= bom.length && buffer.subarray(0, bom.length).equals(bom))) {
    return { fault: { message: 'it is UTF-16', cure: 'Save the file as UTF-8.' } };
  }
  const offset = bytesRead === BOM.length && buffer.equals(BOM) ? BOM.length : 0;
  if (format !== 'csv') return { offset, line: 1, header: null };
  for await (const row of splitRecords(file, { from: { offset, line: 1 }, delimiter: null })) {
    if (row.fault !== null) return { fault: { message: `the first row: ${row.fault}`, cure: 'Correct the row.' } };
    if (isBlank(row.bytes)) continue;
    const parsed = parseCsvHeader(row.bytes);
    return 'fault' in parsed ? parsed : { offset: row.end, line: row.line + 1, header: parsed.header };
  }
  // Without a row there is no ticket either.
  return { offset, line: 1, header: null };
}
