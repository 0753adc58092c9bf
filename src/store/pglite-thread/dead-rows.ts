import type { StatementRunner } from './statement-runner.ts';

/**
 * After about this many changes. Each scan of a queue's index passes the entries of all finished jobs until they are
 * removed: 5 ms after 20,000 jobs, and less than 0.1 ms without them.
 */
const CHANGES_BETWEEN = 20_000;

type Row = Record<string, unknown>;

/**
 * Removes dead rows after every few thousand changes, as PostgreSQL's autovacuum does, which PGlite does not have. One
 * table at a time, a few milliseconds each, so that nothing waits long for it.
 */
export class DeadRows {
  readonly #inTurn: (work: (runner: StatementRunner) => Promise<Row[]>) => Promise<Row[]>;
  #changes = 0;
  #running = false;

  /** `inTurn` runs work while nothing else uses the connection. */
  constructor(inTurn: (work: (runner: StatementRunner) => Promise<Row[]>) => Promise<Row[]>) {
    this.#inTurn = inTurn;
  }

  /** Counts rows that a statement has changed. */
  count(changes: number): void {
    this.#changes += changes;
    if (this.#changes < CHANGES_BETWEEN || this.#running) return;
    this.#changes = 0;
    this.#running = true;
    this.#remove()
      // Dead rows cost time and no correctness. The next round tries again; a store that is broken says so elsewhere.
      .catch(() => {})
      .finally(() => {
        this.#running = false;
      });
  }

  async #remove(): Promise<void> {
    const tables = await this.#inTurn((runner) => query(runner, listTables));
    for (const { name } of tables) await this.#inTurn((runner) => query(runner, `vacuum ${String(name)}`));
  }
}

const listTables = `select format('%I.%I', n.nspname, c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and n.nspname in ('switchboard', 'pgboss') and pg_relation_size(c.oid) > 0
  order by 1`;

async function query(runner: StatementRunner, text: string): Promise<Row[]> {
  const [result] = await runner.run({ text, values: [] });
  return result?.rows ?? [];
}
