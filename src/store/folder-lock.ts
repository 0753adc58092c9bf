// PGlite takes no lock of its own, and two processes on one folder silently lose rows. The lock is a listening

// socket: the kernel frees it when its owner dies, also by SIGKILL, and it can say who the owner is.
import { realpathSync, statSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { z } from 'zod';
import { sha256 } from '../base/hash.ts';
import { codeOf } from '../base/safe-error.ts';
import { StoreLockedError, StoreUnavailableError } from '../errors.ts';

/** Time for an owner to reply with who it is; the folder counts as locked even without a reply. */
const ANSWER_TIMEOUT_MS = 1_000;

const ownerSchema = z.object({
  pid: z.number().int(),
  url: z.string().nullable(),
  /** Processes of older versions do not say it. */
  startingUrl: z.string().nullable().default(null),
});
/** The process that holds a data folder, and its URL if it serves one, or that which it will serve once it has started. */
export type FolderOwner = z.infer<typeof ownerSchema>;

export type FolderLock = {
  /** From now on the lock replies with this URL to processes that ask who holds the folder. */
  announceUrl(url: string): void;
  release(): Promise<void>;
};

type LockRequest = { readonly dataDir: string; readonly platform?: NodeJS.Platform };
type AcquireRequest = LockRequest & { readonly startingUrl?: string | null };

/** Locks the folder, which must exist, for this process. Throws StoreLockedError when another process holds it. */
export async function acquireFolderLock(request: AcquireRequest): Promise<FolderLock> {
  const { dataDir, platform = process.platform, startingUrl = null } = request;
  const address = lockAddress(dataDir, platform);
  const isFile = address.startsWith('/');
  let url: string | null = null;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(JSON.stringify({ pid: process.pid, url, startingUrl } satisfies FolderOwner));
  });
  // Tries once more after removing a socket file that a dead owner left behind.
  for (let attempt = 1; ; attempt++) {
    const inode = isFile ? inodeOf(address) : null;
    const failure = await listen(server, address);
    if (failure === null) break;
    if (failure !== 'EADDRINUSE') {
      throw new StoreUnavailableError({
        message: `The data folder ${dataDir} could not be locked (${failure}). Check that this account may open sockets.`,
      });
    }
    const answer = await askOwner(address);
    if (answer !== 'nobody') {
      const owner = answer === 'silent' ? null : answer;
      throw new StoreLockedError({ dataDir, owner });
    }
    if (attempt > 1) throw new StoreLockedError({ dataDir, owner: null });
    if (isFile && inode !== null && inodeOf(address) === inode) unlinkSync(address);
  }
  server.unref();
  return {
    announceUrl: (value) => {
      url = value;
    },
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Returns the process that holds the folder; null when none does, or when the folder does not exist. */
export async function findFolderOwner(request: LockRequest): Promise<FolderOwner | null> {
  try {
    const answer = await askOwner(lockAddress(request.dataDir, request.platform ?? process.platform));
    return typeof answer === 'string' ? null : answer;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return null;
    throw error;
  }
}

function lockAddress(dataDir: string, platform: NodeJS.Platform): string {
  const digest = sha256(realpathSync.native(dataDir)).slice(0, 32);
  const name = `switchboard-${digest}`;
  if (platform === 'linux') return `\0${name}`;
  if (platform === 'win32') return `\\\\.\\pipe\\${name}`;
  // In /tmp, because a socket's path has at most 104 bytes and the path of a data folder may be longer.
  return `/tmp/${name}.sock`;
}

function listen(server: Server, address: string): Promise<string | null> {
  return new Promise((resolve) => {
    const onError = (error: Error) => resolve(codeOf(error) ?? error.message);
    server.once('error', onError);
    server.listen(address, () => {
      server.off('error', onError);
      resolve(null);
    });
  });
}

function askOwner(address: string): Promise<FolderOwner | 'nobody' | 'silent'> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(address);
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => {
      socket.destroy();
      resolve('silent');
    });
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8');
    });
    socket.on('end', () => resolve(parseOwner(text) ?? 'silent'));
    socket.on('error', (error) => {
      const code = codeOf(error);
      resolve(code === 'ECONNREFUSED' || code === 'ENOENT' ? 'nobody' : 'silent');
    });
  });
}

function parseOwner(text: string): FolderOwner | null {
  try {
    return ownerSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function inodeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}
