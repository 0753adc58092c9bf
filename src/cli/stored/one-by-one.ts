import { count } from '../../base/plural.ts';
import { InputError, SwitchboardError } from '../../errors.ts';

/** Changes one example after another. When one fails, its error also says how many were changed before. */
export async function oneByOne(
  ids: readonly string[],
  { change, changed }: { change: (id: string) => Promise<unknown>; changed: 'Removed' | 'Approved' },
): Promise<void> {
  for (const [done, id] of ids.entries()) {
    await change(id).catch((error: unknown) => {
      throw addProgress(error, done === 0 ? '' : `${changed} before that: ${count(done, 'example')}.`);
    });
  }
}

/** The error with a sentence that says what was done before. */
export function addProgress(error: unknown, done: string): unknown {
  if (done === '' || !(error instanceof SwitchboardError)) return error;
  const message = `${error.message} ${done}`;
  if (error instanceof InputError) return new InputError({ message, issues: error.issues, cause: error });
  return new SwitchboardError({ code: error.code, message, cause: error });
}
