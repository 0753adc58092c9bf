import type { KnownNames } from '../app/known-names.ts';
import { suggest } from '../base/schema-problems.ts';
import { InputError } from '../errors.ts';

const fields = ['intent', 'team', 'rule', 'connector'] as const satisfies readonly (keyof KnownNames)[];
/** At most this many names are listed in a message; a longer list is not read. */
const MAX_LISTED = 20;

/**
 * Throws InputError, with the nearest known name, for a name that is neither configured nor stored: without it, a
 * misspelt filter would return an empty list. Stored names count because tickets and examples keep the names of teams,
 * rules and intents that were removed from the configuration.
 */
export async function assertKnownNames(options: {
  /** The names of the request, by field. */
  named: { readonly [Field in keyof KnownNames]?: string | undefined };
  names: KnownNames;
  /** Under which name a field is asked for; left out: its own. */
  askedAs?: { readonly [Field in keyof KnownNames]?: string };
  /** Whether anything in the store has this name. */
  isUsed: (field: keyof KnownNames, name: string) => Promise<boolean>;
}): Promise<void> {
  const { named, names, askedAs = {}, isUsed } = options;
  const issues: { path: string; message: string }[] = [];
  for (const field of fields) {
    const name = named[field];
    if (name === undefined || names[field].includes(name) || (await isUsed(field, name))) continue;
    issues.push({
      path: askedAs[field] ?? field,
      message: `there is no ${field} "${name}". ${cureFor(name, names[field])}`,
    });
  }
  if (issues.length === 0) return;
  throw new InputError({ message: issues.map(({ path, message }) => `${path}: ${message}`).join(' '), issues });
}

function cureFor(name: string, known: readonly string[]): string {
  const listed = known.slice(0, MAX_LISTED).join(', ');
  return suggest(name, known) ?? `Use one of: ${listed}${known.length > MAX_LISTED ? ', …' : ''}.`;
}
