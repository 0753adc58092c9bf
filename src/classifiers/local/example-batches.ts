import type { TaughtExample } from './protocol.ts';

/** Characters and examples handed to the worker at once: copying such a batch takes about a millisecond. */
const BATCH_CHARACTERS = 200_000;
const BATCH_EXAMPLES = 250;

/** Examples in groups that are small enough to pass between threads without holding either up. */
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
