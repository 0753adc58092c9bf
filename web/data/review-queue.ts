// The queue of one reviewer: what is held and shown next, what is being stored, what was done and can be taken back. The next
// item is shown before the verdict on the last one is stored, so that nobody waits for the server.
import type { ReviewItem, ReviewRequest, VerdictBody, VerdictResult } from './api-types.ts';
import { ApiError, isRefusal } from './call-api.ts';
import type { ReviewApi } from './review.ts';

/** Held beside the item that is shown, so that the next ones are there. */
const AHEAD = 3;
/** The most that the API holds for one reviewer. */
const MOST = 5;

/** What is asked for, beside who asks. */
export type Wanted = Omit<ReviewRequest, 'reviewer' | 'count'>;

export type Said = Omit<VerdictBody, 'reviewer'>;

export type DoneItem = {
  readonly item: ReviewItem;
  readonly said: Said;
  /** `Date.now()` when it was said. */
  readonly at: number;
  /** Null until the server has stored it. */
  readonly result: VerdictResult | null;
  /** The feedback that moved the ticket afterwards. */
  readonly movedBy: number | null;
};

export type QueueView = {
  /** The first is shown. */
  readonly items: readonly ReviewItem[];
  /** How many wait, these included; null until it is known. */
  readonly remaining: number | null;
  /** Oldest first. */
  readonly done: readonly DoneItem[];
  /** What was taken back last, until something else is said or the verdict before it is to be taken back too. */
  readonly takenBack: ReviewItem | null;
  /** How often the server has stored a verdict, or taken one back: it counts differently from then on. */
  readonly stored: number;
  readonly isLoading: boolean;
  readonly error: unknown;
  /** The item that was shown was settled by somebody else meanwhile. */
  readonly wasTaken: boolean;
};

export class ReviewQueue {
  readonly #api: ReviewApi;
  readonly #reviewer: string;
  #wanted: Wanted = {};
  #view: QueueView = {
    ...{ items: [], remaining: null, done: [], takenBack: null, stored: 0 },
    ...{ isLoading: true, error: null, wasTaken: false },
  };
  readonly #listeners = new Set<() => void>();
  /** Being stored now, by id. */
  readonly #pending = new Map<number, Promise<void>>();
  /** Decided here: an answer that was on its way may still have them. */
  readonly #settled = new Set<number>();
  #refilling: Promise<void> | null = null;
  #isStale = false;
  /** Nobody looks any more: nothing is to be held, whatever is still being stored. */
  #hasLeft = false;
  /** The error that is shown is of asking for more, and over once that works. */
  #couldNotRefill = false;

  constructor(options: { api: ReviewApi; reviewer: string }) {
    this.#api = options.api;
    this.#reviewer = options.reviewer;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly view = (): QueueView => this.#view;

  /** Asks for what is to be shown next, and holds what is shown for longer. */
  readonly refill = (): Promise<void> => {
    this.#hasLeft = false;
    this.#isStale = true;
    this.#refilling ??= this.#refillUntilFresh().finally(() => {
      this.#refilling = null;
    });
    return this.#refilling;
  };

  /** Shows other items; what was done before can still be taken back. */
  readonly want = (wanted: Wanted): Promise<void> => {
    this.#wanted = wanted;
    this.#set({ items: [], remaining: null, isLoading: true, wasTaken: false });
    return this.refill();
  };

  /** The connection is back: what could not reach the server can be said again. */
  readonly reconnect = (): Promise<void> => (isRefusal(this.#view.error) ? this.refill() : this.retry());

  /** Takes the error from the screen and asks again. */
  readonly retry = (): Promise<void> => {
    this.#set({ error: null });
    return this.refill();
  };

  /** Shows what was skipped before. */
  readonly showSkipped = (): Promise<void> => {
    for (const { item, said } of this.#view.done) if (said.verdict === 'skip') this.#settled.delete(item.id);
    this.#wanted = { ...this.#wanted, skipped: true };
    return this.refill();
  };

  /** Gives back what is held, until more is asked for. */
  readonly leave = (): void => {
    this.#hasLeft = true;
    this.#isStale = false;
    void this.#api.leave(this.#reviewer).catch(() => {}); // It is free again in five minutes in any case.
  };

  /** Says something of the item that is shown, and shows the next one at once. */
  readonly decide = (said: Said): void => {
    const [item, ...items] = this.#view.items;
    if (item === undefined) return;
    const entry: DoneItem = { item, said, at: Date.now(), result: null, movedBy: null };
    this.#settled.add(item.id);
    const done = [...this.#view.done, entry];
    this.#set({ items, done, takenBack: null, error: null, wasTaken: false, isLoading: items.length === 0 });
    const stored = this.#store(entry).finally(() => {
      this.#pending.delete(item.id);
      this.#refillIfHere();
    });
    this.#pending.set(item.id, stored);
  };

  /**
   * Takes the last verdict back, with the move that followed it, and shows its item again. After that, the verdict before is
   * named first: nobody takes back what they do not see.
   */
  readonly undo = async (): Promise<void> => {
    const last = this.#view.done.at(-1);
    if (last === undefined) return;
    if (this.#view.takenBack !== null) {
      this.#set({ takenBack: null });
      return;
    }
    const { id, ticketId } = last.item;
    await this.#pending.get(id);
    const stored = this.#view.done.find(({ item }) => item.id === id);
    if (stored === undefined) return; // it could not be stored, and is shown again
    const done = this.#view.done.filter((other) => other !== stored);
    this.#set({ done, takenBack: stored.item, error: null, wasTaken: false });
    try {
      if (stored.movedBy !== null && ticketId !== null) await this.#api.takeBack(ticketId, stored.movedBy);
      const item = await this.#api.undo(id, this.#reviewer);
      this.#settled.delete(id);
      const others = this.#view.items.filter((other) => other.id !== id);
      const remaining = this.#left(stored.said.verdict === 'skip' ? 0 : 1);
      this.#set({ items: [item, ...others], remaining, stored: this.#view.stored + 1 });
    } catch (error) {
      // It still stands where the server was not reached, and can be taken back once it is.
      const standing = isRefusal(error) ? [] : [stored];
      this.#set({
        error,
        takenBack: null,
        done: [...this.#view.done, ...standing].toSorted((one, other) => one.at - other.at),
      });
    }
    this.#refillIfHere();
  };

  /** Moves the ticket of the last verdict to where the rules send its like, against the person who put it where it is. */
  readonly move = async (): Promise<void> => {
    const last = this.#view.takenBack === null ? this.#view.done.at(-1) : undefined;
    const team = last?.result?.moveTo ?? null;
    if (last === undefined || team === null || last.item.ticketId === null || last.movedBy !== null) return;
    try {
      const movedBy = await this.#api.say(last.item.ticketId, { team });
      this.#replace(last.item.id, { movedBy });
    } catch (error) {
      this.#set({ error });
    }
  };

  async #store({ item, said }: DoneItem): Promise<void> {
    try {
      const moves = said.verdict === 'right' || said.verdict === 'wrong';
      const result = await this.#api.decide(item.id, {
        ...said,
        ...(moves && { move: true }),
        reviewer: this.#reviewer,
      });
      this.#replace(item.id, { result });
      const remaining = this.#left(said.verdict === 'skip' ? 0 : -1);
      this.#set({ remaining, stored: this.#view.stored + 1 });
    } catch (error) {
      const done = this.#view.done.filter((entry) => entry.item.id !== item.id);
      if (error instanceof ApiError && (error.status === 409 || error.status === 404)) {
        this.#set({ done, wasTaken: true });
        return;
      }
      this.#settled.delete(item.id);
      const others = this.#view.items.filter(({ id }) => id !== item.id);
      this.#set({ done, error, items: [item, ...others], isLoading: false });
    }
  }

  #refillIfHere(): void {
    if (!this.#hasLeft) void this.refill();
  }

  async #refillUntilFresh(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      const count = Math.min(MOST, 1 + AHEAD + this.#pending.size);
      try {
        const batch = await this.#api.next({ ...this.#wanted, reviewer: this.#reviewer, count });
        this.#take(batch.items, batch.remaining);
      } catch (error) {
        this.#couldNotRefill = true;
        this.#set({ error, isLoading: false });
      }
    }
  }

  /** What is shown stays where it is while it is held. */
  #take(given: readonly ReviewItem[], remaining: number): void {
    const held = new Map(given.flatMap((item) => (this.#settled.has(item.id) ? [] : [[item.id, item] as const])));
    const shown = this.#view.items;
    const kept = shown.flatMap(({ id }) => held.get(id) ?? []);
    const added = [...held.values()].filter(({ id }) => !shown.some((item) => item.id === id));
    const [first] = shown;
    const items = [...kept, ...added];
    this.#set({
      items,
      remaining: Math.max(items.length, remaining - this.#pending.size),
      isLoading: items.length === 0 && this.#pending.size > 0,
      ...(this.#couldNotRefill && { error: null }),
      wasTaken: this.#view.wasTaken || (first !== undefined && !held.has(first.id)),
    });
    this.#couldNotRefill = false;
  }

  #left(change: number): number | null {
    const { remaining } = this.#view;
    return remaining === null ? null : Math.max(0, remaining + change);
  }

  #replace(id: number, change: Partial<DoneItem>): void {
    this.#set({ done: this.#view.done.map((entry) => (entry.item.id === id ? { ...entry, ...change } : entry)) });
  }

  #set(change: Partial<QueueView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}
