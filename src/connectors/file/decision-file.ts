import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { makePrivateFolder, openPrivateFile } from '../../base/private-files.ts';

const READ_SIZE = 256 * 1024;

/** JSON lines that each carry a `decisionId`, written at most once. */
export type DecisionFile = {
  /** Resolves once the line is on the disk. False when a line with this decision id is there already. */
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
 * disk. Before each write it reads what another process has added, and it ends a line that a crash tore.
 */
export function createDecisionFile(path: string): DecisionFile {
  const written = new Set<string>();
  let file: FileHandle | null = null;
  let offset = 0;
  let waiting: Waiting[] = [];
  let running: Promise<void> | null = null;

  const writeGroup = async (group: readonly Waiting[]): Promise<void> => {
    if (file === null) {
      await makePrivateFolder(dirname(path));
      file = await openPrivateFile(path, 'a+');
    }
    const endsInLine = await readNew(file);
    const fresh = group.filter(({ id }, index) => {
      const isRepeated = written.has(id) || group.findIndex((other) => other.id === id) !== index;
      return !isRepeated;
    });
    if (fresh.length > 0) {
      // A torn line stays as it is, on a line of its own; its decision is written again.
      const text = (endsInLine ? '' : '\n') + fresh.map((item) => item.text).join('');
      await file.appendFile(text);
      await file.datasync();
    }
    const freshIds = new Set(fresh.map(({ id }) => id));
    for (const id of freshIds) written.add(id);
    for (const item of group) item.resolve(fresh.includes(item));
  };

  /** Collects the ids of the lines since the last look; false when the file does not end with a whole line. */
  const readNew = async (handle: FileHandle): Promise<boolean> => {
    const decoder = new StringDecoder('utf8');
    const buffer = Buffer.alloc(READ_SIZE);
    let rest = '';
    for (let position = offset; ; ) {
      const { bytesRead } = await handle.read(buffer, 0, READ_SIZE, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      const lines = (rest + decoder.write(buffer.subarray(0, bytesRead))).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const id = decisionIdOf(line);
        if (id !== null) written.add(id);
      }
      // Only whole lines are behind us; a part of one is read again with its end.
      offset = position - Buffer.byteLength(rest);
    }
    return rest === '';
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
