import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes beside the file and renames, so that a reader never sees half of it. A cache that cannot be written costs the
 * work again at the next start and nothing else: false then.
 */
export async function writeAtomically(file: string, bytes: ArrayBuffer): Promise<boolean> {
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(draft, new Uint8Array(bytes));
    await rename(draft, file);
    return true;
  } catch {
    await rm(draft, { force: true }).catch(() => undefined);
    return false;
  }
}
