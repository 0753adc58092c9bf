/**
 * Turns on a database's one connection. Who asks urgently goes before the others who wait; among equals, in the order
 * of asking. Nobody is interrupted.
 */
export class ConnectionTurns {
  readonly #urgent: (() => void)[] = [];
  readonly #others: (() => void)[] = [];
  #taken = false;

  /** Resolves when it is this caller's turn, which lasts until it calls `end`. */
  take(urgent: boolean): Promise<void> {
    if (!this.#taken) {
      this.#taken = true;
      return Promise.resolve();
    }
    return new Promise((resolve) => (urgent ? this.#urgent : this.#others).push(resolve));
  }

  end(): void {
    const next = this.#urgent.shift() ?? this.#others.shift();
    if (next === undefined) this.#taken = false;
    else next();
  }
}
