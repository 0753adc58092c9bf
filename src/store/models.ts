import type { Pool } from 'pg';
import { z } from 'zod';
import type { ModelCache } from '../classifiers/local/model-cache.ts';
import { advisoryLocks } from './advisory-locks.ts';

/** Each correction makes a new model, and processes of two versions may train side by side. */
const KEPT_MODELS = 4;
/** A model has tens of megabytes, so it is read in pieces, which decode in a few milliseconds each. */
const PIECE_BYTES = 2_000_000;

const sizeSchema = z.object({ size: z.number() });
const pieceSchema = z.object({ piece: z.instanceof(Buffer) });

/** Trained models on a PostgreSQL that several processes share: one trains, the others load. */
export function createModelStore(pool: Pool): ModelCache {
  return {
    async get(key) {
      const found = await pool.query('select octet_length(bytes) as size from switchboard.models where key = $1', [
        key,
      ]);
      const row = sizeSchema.optional().parse(found.rows[0]);
      if (row === undefined) return null;
      const bytes = new ArrayBuffer(row.size);
      for (let start = 0; start < row.size; start += PIECE_BYTES) {
        const { rows } = await pool.query(
          'select substring(bytes from $2 for $3) as piece from switchboard.models where key = $1',
          [key, start + 1, PIECE_BYTES],
        );
        const read = pieceSchema.optional().parse(rows[0]);
        if (read === undefined) return null; // The model was pruned meanwhile.
        new Uint8Array(bytes, start, Math.min(PIECE_BYTES, row.size - start)).set(read.piece);
      }
      return bytes;
    },

    async put(key, bytes) {
      await pool.query(
        `insert into switchboard.models (key, bytes) values ($1, $2)
         on conflict (key) do update set bytes = excluded.bytes, created_at = clock_timestamp()`,
        [key, Buffer.from(bytes)],
      );
      await pool.query(
        `delete from switchboard.models where key not in
           (select key from switchboard.models order by created_at desc, key limit ${KEPT_MODELS})`,
      );
    },

    async keepOnly(key) {
      await pool.query('delete from switchboard.models where key <> $1', [key]);
    },

    async takeTurn({ key, signal, onWait }) {
      const client = await pool.connect();
      let isReleased = false;
      // Ending the connection frees its locks and stops its wait for one.
      const release = (isBroken: boolean) => {
        if (!isReleased) client.release(isBroken);
        isReleased = true;
      };
      const onAbort = () => release(true);
      signal.addEventListener('abort', onAbort, { once: true });
      const lock = [advisoryLocks.training, lockNumberOf(key)];
      try {
        signal.throwIfAborted();
        const { rows } = await client.query<{ free: boolean }>('select pg_try_advisory_lock($1, $2) as free', lock);
        if (rows[0]?.free !== true) {
          onWait();
          await client.query('select pg_advisory_lock($1, $2)', lock);
        }
      } catch (error) {
        release(true);
        throw error;
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
      return async () => {
        const freed = client.query('select pg_advisory_unlock($1, $2)', lock);
        await freed.then(
          () => release(false),
          () => release(true),
        );
      };
    },
  };
}

/** A lock's second number has 32 bits; models that share one only wait for each other. */
function lockNumberOf(key: string): number {
  return Number.parseInt(key.slice(0, 8), 16) | 0;
}
