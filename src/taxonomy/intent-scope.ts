import { resolveIntent } from './resolve-intent.ts';
import { isWithin, type Taxonomy } from './taxonomy.ts';

type Tree = Pick<Taxonomy, 'nodes' | 'aliases'>;

/** Stored intents of one branch: those within an id, except those within others that lie below it. */
export type IntentBranch = { readonly within: string; readonly except: readonly string[] };

/** The ids under which an intent, and all below it, may be stored. */
export type IntentScope = readonly IntentBranch[];

/**
 * Returns where to look for an intent, named by its own id or a former one: what was stored before it was renamed keeps
 * its former id. A part that was moved elsewhere in the tree (it is listed under `aliases` there) is left out. A name
 * that no intent has or had matches itself and everything below it.
 */
export function intentScope(taxonomy: Tree, name: string): IntentScope {
  const present = resolveIntent(taxonomy, name);
  if (present === null) return [{ within: name, except: [] }];
  const aliases = formerNames(taxonomy, [...taxonomy.aliases.keys()]);
  const here: string[] = [present, ...formerIds(taxonomy, present)];
  const elsewhere: string[] = [];
  for (const alias of aliases) {
    const target = resolveIntent(taxonomy, alias);
    if (target !== null) (isWithin(target, present) ? here : elsewhere).push(alias);
  }
  const branches = [...new Set(here)].map((within) => ({
    within,
    except: elsewhere.filter((other) => isWithin(other, within)),
  }));
  return branches.filter(({ within }) => !branches.some((other) => other.within !== within && covers(other, within)));
}

/** All ids that an intent had before, also by the renaming of a parent. */
export function formerIds(taxonomy: Tree, id: string): string[] {
  return formerNames(taxonomy, [id]).filter((name) => name !== id && resolveIntent(taxonomy, name) === id);
}

function covers({ within, except }: IntentBranch, id: string): boolean {
  return isWithin(id, within) && !except.some((other) => isWithin(id, other));
}

/**
 * The ids, and those that result when a node at their beginning has its former id again. Each alias counts once on the
 * way: a node that was once its own child would give names without end.
 */
function formerNames({ aliases }: Tree, ids: readonly string[]): string[] {
  const names = new Set<string>();
  const visit = (id: string, used: readonly string[]) => {
    if (names.has(id)) return;
    names.add(id);
    for (const [alias, node] of aliases) {
      if (isWithin(id, node) && !used.includes(alias)) visit(alias + id.slice(node.length), [...used, alias]);
    }
  };
  for (const id of ids) visit(id, []);
  return [...names];
}
