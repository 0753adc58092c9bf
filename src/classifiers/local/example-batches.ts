import type { TaughtExample } from './protocol.ts';

/** Most characters and examples in one message to the worker: copying such a batch takes about a millisecond. */
const BATCH_CHARACTERS = 200_000;
const BATCH_EXAMPLES = 250;

/** Splits examples into groups that are small enough to be copied to another thread without blocking either. */
export function* exampleBatches(examples: Iterable<TaughtExample>): Iterable<TaughtExample[]> {
  let batch: TaughtExample[] = [];
  let characters = 0;
  for (const taught of examples) {
    const { example } = taught;
    batch.push(taught);
    characters += (example.body?.length ?? 0) + (example.subject?.length ?? 0);
    if (characters < BATCH_CHARACTERS && batch.length < BATCH_EXAMPLES) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}
