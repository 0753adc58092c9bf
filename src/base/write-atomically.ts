import { dirname } from 'node:path';
import { makePrivateFolder, replacePrivateFile } from './private-files.ts';

/**
 * Writes beside the file and renames, so that a reader never sees half of it. A cache that cannot be written costs the
 * work again at the next start and nothing else: false then.
 */
export async function writeAtomically(file: string, bytes: ArrayBuffer): Promise<boolean> {
  try {
    await makePrivateFolder(dirname(file));
    await replacePrivateFile(file, new Uint8Array(bytes));
    return true;
  } catch {
    return false;
  }
}
