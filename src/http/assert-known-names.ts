import type { KnownNames } from '../app/known-names.ts';
import { suggest } from '../base/schema-problems.ts';
import { InputError } from '../errors.ts';

const fields = ['intent', 'team', 'rule', 'connector'] as const satisfies readonly (keyof KnownNames)[];
/** Names in a message; a longer list helps nobody. */
const MAX_LISTED = 20;

/**
 * A misspelt name would give an empty list and no hint. Throws InputError for a name that is neither configured nor
 * stored: tickets and examples keep names that the configuration has given up.
 */
export async function assertKnownNames(options: {
  /** The names in question. */
  named: { readonly [Field in keyof KnownNames]?: string | undefined };
  names: KnownNames;
  /** Whether something that is stored has this name. */
  isUsed: (field: keyof KnownNames, name: string) => Promise<boolean>;
}): Promise<void> {
  const { named, names, isUsed } = options;
  const issues: { path: string; message: string }[] = [];
  for (const field of fields) {
    const name = named[field];
    if (name === undefined || names[field].includes(name) || (await isUsed(field, name))) continue;
    issues.push({ path: field, message: `there is no ${field} "${name}". ${cureFor(name, names[field])}` });
  }
  if (issues.length === 0) return;
  throw new InputError({ message: issues.map(({ path, message }) => `${path}: ${message}`).join(' '), issues });
}

function cureFor(name: string, known: readonly string[]): string {
  const listed = known.slice(0, MAX_LISTED).join(', ');
  return suggest(name, known) ?? `Known are: ${listed}${known.length > MAX_LISTED ? ', …' : ''}.`;
}
