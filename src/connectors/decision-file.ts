import { type FileHandle, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makePrivateFolder, openPrivateFile } from '../base/private-files.ts';

const READ_SIZE = 256 * 1024;
/**
 * How much of the end of an existing file is searched for decisions: about 100,000 lines. A decision is delivered again
 * minutes or hours after the first time (after a crash, at a retry), so searching further back is not needed, and
 * neither memory nor the first read grows with the file.
 */
const TAIL_BYTES = 64 * 1024 * 1024;
const MAX_IDS = 100_000;

/** A file of JSON lines that each have a `decisionId`, which is written at most once. */
export type DecisionFile = {
  /** Resolves once the line is on the disk; with false when a line with this decision id was already there. */
  append(line: { readonly decisionId: string }): Promise<boolean>;
  close(): Promise<void>;
};

type Waiting = {
  readonly id: string;
  readonly text: string;
  readonly resolve: (written: boolean) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Opens (or creates) the file at the first append. Lines that arrive together share one write and one flush to the
 * disk. Before each write, it reads what other processes have appended, and ends a line that a crash left incomplete. A
 * decision is written at most once among the last `maxIds` lines; in a file that existed before, among the lines of its
 * last `tailBytes` bytes.
 */
export function createDecisionFile(
  path: string,
  { tailBytes = TAIL_BYTES, maxIds = MAX_IDS }: { tailBytes?: number; maxIds?: number } = {},
): DecisionFile {
  const written = new Set<string>();
  let file: FileHandle | null = null;
  let offset = 0;
  let waiting: Waiting[] = [];
  let running: Promise<void> | null = null;

  const openFile = async (): Promise<FileHandle> => {
    await makePrivateFolder(dirname(path));
    file = await openPrivateFile(path, 'a+');
    // A line that begins before this point is read from its middle and therefore ignored.
    offset = Math.max(0, (await file.stat()).size - tailBytes);
    return file;
  };

  /** The file to write to. Opens a new one when the old one was moved away, as log rotation does. */
  const currentFile = async (): Promise<FileHandle> => {
    if (file === null) return openFile();
    const [opened, there] = await Promise.all([file.stat(), stat(path).catch(() => null)]);
    if (opened.ino === there?.ino) {
      if (opened.size < offset) offset = 0; // emptied in place
      return file;
    }
    await file.close();
    file = null;
    return openFile();
  };

  const writeGroup = async (group: readonly Waiting[]): Promise<void> => {
    const handle = await currentFile();
    const endsInLine = await readNew(handle);
    const fresh = group.filter(({ id }, index) => {
      const isRepeated = written.has(id) || group.findIndex((other) => other.id === id) !== index;
      return !isRepeated;
    });
    if (fresh.length > 0) {
      // An incomplete line stays as it is, on its own line; its decision is written again.
      const text = (endsInLine ? '' : '\n') + fresh.map((item) => item.text).join('');
      await handle.appendFile(text);
      await handle.datasync();
    }
    for (const { id } of fresh) remember(id);
    for (const item of group) item.resolve(fresh.includes(item));
  };

  const remember = (id: string) => {
    written.add(id);
    if (written.size <= maxIds) return;
    // A set keeps the order of insertion, so the first value is the oldest.
    const [oldest] = written;
    if (oldest !== undefined) written.delete(oldest);
  };

  /**
   * Remembers the ids of lines added since the last call. Returns false when the file does not end with a whole line.
   */
  const readNew = async (handle: FileHandle): Promise<boolean> => {
    const buffer = Buffer.alloc(READ_SIZE);
    let rest = Buffer.alloc(0);
    for (let position = offset; ; ) {
      const { bytesRead } = await handle.read(buffer, 0, READ_SIZE, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      const end = bytes.lastIndexOf('\n') + 1;
      for (const line of bytes.toString('utf8', 0, end).split('\n')) {
        const id = decisionIdOf(line);
        if (id !== null) remember(id);
      }
      // The offset moves past whole lines only; an incomplete line is read again with its end.
      rest = bytes.subarray(end);
      offset = position - rest.length;
    }
    return rest.length === 0;
  };

  const run = async () => {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        await writeGroup(group);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    running = null;
  };

  return {
    append(line) {
      return new Promise((resolve, reject) => {
        waiting.push({ id: line.decisionId, text: `${JSON.stringify(line)}\n`, resolve, reject });
        running ??= run();
      });
    },
    async close() {
      await running;
      await file?.close();
      file = null;
    },
  };
}

function decisionIdOf(line: string): string | null {
  try {
    const value: unknown = JSON.parse(line);
    const id: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'decisionId') : null;
    return typeof id === 'string' ? id : null;
  } catch {
    return null;
  }
}
