import { type Actor, nameActor } from '../../base/actor.ts';
import { count } from '../../base/plural.ts';
import { mapSteps, runStepsInTurns } from '../../base/steps.ts';
import type { Example } from '../../classifiers/retrieval/example-index.ts';
import { InputError, NotFoundError } from '../../errors.ts';
import type { ExampleChanges, StoreTransaction } from '../../store/store.ts';
import { explainWrongLeaf, resolveLeaf } from '../../taxonomy/resolve-intent.ts';
import type { PipelineContext } from '../pipeline-context.ts';

type Issue = { readonly path: string; readonly message: string };

/**
 * Stores labelled tickets as imported examples, all or none; every engine learns them soon after. Throws InputError
 * that lists every wrong intent, or every id that the company's own files or a correction use.
 */
export async function importExamples(
  context: Pick<PipelineContext, 'store' | 'taxonomy'>,
  { examples: given, actor }: { examples: readonly Example[]; actor: Actor },
): Promise<ExampleChanges> {
  // A former id of an intent (`aliases`) is replaced by its present id.
  const presentIntents = await runStepsInTurns(mapSteps(given, ({ intent }) => resolveLeaf(context.taxonomy, intent)));
  const examples = given.map((example, index) => ({ ...example, intent: presentIntents[index] ?? example.intent }));
  const wrong = examples.flatMap(({ id, intent }, index): Issue[] => {
    const fault = presentIntents[index] === null ? explainWrongLeaf(context.taxonomy, intent) : null;
    return fault === null
      ? []
      : [{ path: `[${index}].intent`, message: `example "${id}": ${fault.message}. ${fault.cure}` }];
  });
  refuse(
    wrong,
    `${wrong.length} of ${count(examples.length, 'example')} ${wrong.length === 1 ? 'names' : 'name'} an intent that is not a leaf of the taxonomy.`,
  );
  const firstAt = new Map<string, number>();
  examples.forEach(({ id }, index) => {
    if (!firstAt.has(id)) firstAt.set(id, index);
  });
  const repeated = examples.flatMap(({ id }, index): Issue[] =>
    firstAt.get(id) === index
      ? []
      : [{ path: `[${index}].id`, message: `the id "${id}" is also that of [${firstAt.get(id)}]` }],
  );
  refuse(
    repeated,
    `${repeated.length} of ${count(examples.length, 'example')} ${repeated.length === 1 ? 'has' : 'have'} the id of another one.`,
  );
  return context.store.transaction(async (transaction) => {
    const known = await transaction.examples.lock(examples.map(({ id }) => id));
    const taken = known.filter(({ source }) => source !== 'import');
    const places = new Map(examples.map(({ id }, index) => [id, index]));
    refuse(
      taken.map(({ example: { id }, source }) => ({
        path: `[${places.get(id)}].id`,
        message: `the id "${id}" belongs to ${source === 'file' ? "the company's own files" : 'a correction'}`,
      })),
      `${taken.length} of ${count(examples.length, 'example')} ${taken.length === 1 ? 'has' : 'have'} an id that an import may not replace. Use other ids.`,
    );
    const involved = [...examples, ...known.map(({ example }) => example)];
    await transaction.examples.lockCounts(involved.map(({ intent }) => ({ source: 'import', intent })));
    const changes = await transaction.examples.upsert(
      examples.map((example) => ({ example, source: 'import', actor })),
    );
    const { added, changed, unchanged } = changes;
    await transaction.history.append([
      {
        ticketId: null,
        event: 'examples-imported',
        by: nameActor(actor),
        actor,
        detail: `${added} added, ${changed} changed, ${unchanged} unchanged`,
        facts: { added, changed, unchanged },
      },
    ]);
    return changes;
  });
}

/** At most this many wrong examples are listed; the message has their number. */
const MAX_ISSUES = 1_000;

function refuse(issues: readonly Issue[], message: string): void {
  if (issues.length === 0) return;
  const cut = issues.length > MAX_ISSUES ? ` The first ${MAX_ISSUES} are listed.` : '';
  throw new InputError({
    message: `${message}${cut} Nothing was imported; correct them and import again.`,
    issues: issues.slice(0, MAX_ISSUES),
  });
}

/**
 * Removes examples from imports and corrections, all or none; every engine forgets them soon after. Throws
 * NotFoundError for an unknown id, and InputError for an example of the company's own files, which must be removed in
 * the file.
 */
export async function removeExamples(
  { store }: Pick<PipelineContext, 'store'>,
  request: { ids: readonly string[]; actor: Actor },
): Promise<void> {
  await store.transaction((transaction) => removeExamplesWithin(transaction, request));
}

/** Removes examples within a transaction; `record` runs before history is written, which others wait for. */
export async function removeExamplesWithin(
  transaction: StoreTransaction,
  { ids, actor, record }: { ids: readonly string[]; actor: Actor; record?: () => Promise<void> },
): Promise<void> {
  const found = await transaction.examples.lock(ids);
  const missing = ids.filter((id) => !found.some(({ example }) => example.id === id));
  if (missing.length > 0) {
    throw new NotFoundError(
      `There is no example "${missing.join('", "')}". GET /v1/examples and "switchboard examples list" show the examples.`,
    );
  }
  const own = found.filter(({ source }) => source === 'file').map(({ example }) => example.id);
  if (own.length > 0) {
    throw new InputError({
      message: `"${own.join('", "')}" ${own.length === 1 ? 'comes' : 'come'} from the company's own files. Remove ${own.length === 1 ? 'it' : 'them'} there, then restart the server.`,
      issues: own.map((id) => ({ path: 'id', message: `"${id}" comes from a file` })),
    });
  }
  await transaction.examples.lockCounts(found.map(({ source, example: { intent } }) => ({ source, intent })));
  await transaction.examples.remove(ids);
  await record?.();
  await transaction.history.append([
    {
      ticketId: null,
      event: 'examples-removed',
      by: nameActor(actor),
      actor,
      detail: ids.length === 1 ? `the example ${ids[0]} was removed` : `${count(ids.length, 'example')} were removed`,
      facts: { ids: [...ids] },
    },
  ]);
}
