import { formatDataPath, type LocatedYaml, type Path } from '../base/located-yaml.ts';
import { suggest } from '../base/schema-problems.ts';
import type { Problem } from '../errors.ts';
import { resolveIntent } from './resolve-intent.ts';

type Add = (path: Path, message: string, cure: string) => void;
/** Line number by id. */
type Lines = Map<string, number | null>;

/** A segment of an id: letters and digits of any script, with `-`, `_` and `.` inside. */
const segment = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._-]*[\p{L}\p{M}\p{N}])?$/u;
const wellFormedCure = 'Use letters, digits and "-" (also "_" and "." inside), with "/" between parent and child.';

/** Checks what a schema cannot: repeated ids, ids outside the path of their parent, and references to missing ids. */
export function checkTree(located: LocatedYaml): Problem[] {
  const problems: Problem[] = [];
  const lines: Lines = new Map();
  const add: Add = (path, message, cure) =>
    problems.push({ ...located.locate(path), message: `${formatDataPath(path)}: ${message}`, cure });

  const visit = (nodes: unknown, path: Path, parent: string | null) => {
    list(nodes).forEach((node, index) => {
      const here = [...path, index];
      const id = field(node, 'id');
      if (typeof id === 'string' && id !== '') {
        checkId({
          id,
          parent,
          lines,
          line: located.locate([...here, 'id']).line,
          add: (m, cure) => add([...here, 'id'], m, cure),
        });
      }
      visit(field(node, 'children'), [...here, 'children'], typeof id === 'string' ? id : parent);
    });
  };
  visit(field(located.value, 'intents'), ['intents'], null);

  const aliases = checkAliases({ located, lines, add });

  // Former ids of parents are only followed in a sound tree; in another they could lead in a circle.
  const isSound = problems.length === 0;
  const resolve = (intent: string) =>
    isSound
      ? resolveIntent({ nodes: lines, aliases }, intent)
      : lines.has(intent)
        ? intent
        : (aliases.get(intent) ?? null);
  const priority = field(located.value, 'priority');
  const seen = new Set<string>();
  list(priority).forEach((intent, index) => {
    if (typeof intent !== 'string') return;
    const present = resolve(intent);
    if (present === null) {
      add(
        ['priority', index],
        `there is no intent "${intent}"`,
        suggest(intent, lines.keys()) ?? 'Name an intent of the tree.',
      );
    } else if (seen.has(present)) add(['priority', index], `"${intent}" is named twice`, 'Keep one of the two.');
    if (present !== null) seen.add(present);
  });
  return problems;
}

/** Checks that each former id belongs to one node and is not the current id of any node. Returns current id by former id. */
function checkAliases(options: { located: LocatedYaml; lines: Lines; add: Add }): Map<string, string> {
  const { located, lines, add } = options;
  const seen = new Map<string, number | null>();
  const aliases = new Map<string, string>();
  const visit = (nodes: unknown, path: Path) => {
    for (const [index, node] of list(nodes).entries()) {
      const here = [...path, index];
      const id = field(node, 'id');
      for (const [position, alias] of list(field(node, 'aliases')).entries()) {
        if (typeof alias !== 'string' || alias === '') continue;
        const at = [...here, 'aliases', position];
        const first = seen.get(alias);
        if (lines.has(alias)) {
          add(
            at,
            `"${alias}" is the id of an intent (line ${lines.get(alias)})`,
            'List only ids that are no longer used.',
          );
        } else if (first !== undefined) {
          add(at, `the alias "${alias}" is used twice (first on line ${first})`, 'Keep it where its examples belong.');
        } else if (!isWellFormed(alias)) add(at, `the alias "${alias}" was never an id`, wellFormedCure);
        seen.set(alias, located.locate(at).line);
        if (typeof id === 'string') aliases.set(alias, id);
      }
      visit(field(node, 'children'), [...here, 'children']);
    }
  };
  visit(field(located.value, 'intents'), ['intents']);
  return aliases;
}

function checkId(options: {
  id: string;
  parent: string | null;
  lines: Lines;
  line: number | null;
  add: (message: string, cure: string) => void;
}): void {
  const { id, parent, lines, line, add } = options;
  const ownSegment = id.split('/').at(-1) ?? '';
  if (lines.has(id)) {
    add(`the id "${id}" is used twice (first on line ${lines.get(id)})`, 'Give one of the two another id.');
  } else lines.set(id, line);

  if (!isWellFormed(id)) {
    add(`the id "${id}" has characters that an id cannot have`, wellFormedCure);
  } else if (parent === null && id.includes('/')) {
    add(
      `the id "${id}" has a parent in its path, but the node is at the top level`,
      `Put it below "${id.slice(0, id.lastIndexOf('/'))}", or call it "${ownSegment}".`,
    );
  } else if (parent !== null && id.slice(0, id.lastIndexOf('/')) !== parent) {
    add(
      `the id "${id}" is outside the path of its parent "${parent}"`,
      `Call it "${parent}/${ownSegment}", or move it below its own parent.`,
    );
  }
}

function isWellFormed(id: string): boolean {
  return id.split('/').every((part) => segment.test(part));
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}
