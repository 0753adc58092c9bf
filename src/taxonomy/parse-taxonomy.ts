import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { versionOf } from '../base/hash.ts';
import { formatDataPath, type LocatedYaml, type Path, parseLocatedYaml } from '../base/located-yaml.ts';
import { problemsFromIssues, suggest } from '../base/schema-problems.ts';
import { ConfigurationError, type Problem } from '../errors.ts';
import type { IntentNode, Taxonomy } from './taxonomy.ts';

const textList = z.array(z.string().min(1)).default([]);

const nodeSchema = z.strictObject({
  id: z.string().min(1).max(200),
  name: z.string().min(1).max(200),
  description: z.string().default(''),
  includes: textList,
  excludes: textList,
  examples: textList,
  instructions: z.string().default(''),
  get children(): z.ZodOptional<z.ZodArray<typeof nodeSchema>> {
    return z.array(nodeSchema).min(1).optional();
  },
});
type NodeInput = z.infer<typeof nodeSchema>;

/** A taxonomy file. `docs` and the JSON Schema for editors are made from it. */
export const taxonomySchema = z.strictObject({
  name: z.string().min(1).max(200),
  priority: z.array(z.string().min(1)).default([]),
  whenAngry: z.enum(['intent', 'complaint']).default('intent'),
  instructions: z.string().default(''),
  intents: z.array(nodeSchema).min(1),
});

/** A segment of an id: letters and digits of any script, with `-`, `_` and `.` inside. */
const segment = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._-]*[\p{L}\p{M}\p{N}])?$/u;

/** Reads a taxonomy file. Throws `ConfigurationError` with every problem, also when the file is not there. */
export async function loadTaxonomy(file: string): Promise<Taxonomy> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const why =
      cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' ? 'is not there' : 'cannot be read';
    throw new ConfigurationError([
      {
        file,
        line: null,
        message: `the taxonomy ${why}`,
        cure: 'Check `taxonomy:` in the configuration, or --taxonomy.',
      },
    ]);
  }
  return parseTaxonomy({ text, file });
}

/** Turns the text of a taxonomy file into the tree. Throws `ConfigurationError` with every problem at once. */
export function parseTaxonomy({ text, file }: { text: string; file: string }): Taxonomy {
  const located = parseLocatedYaml({ text, file });
  if (located.problems.length > 0) throw new ConfigurationError(located.problems);
  const result = taxonomySchema.safeParse(located.value ?? {});
  const shape = result.success
    ? []
    : problemsFromIssues({ issues: result.error.issues, located, schema: taxonomySchema });
  const problems = [...shape, ...checkTree(located)];
  if (problems.length > 0 || !result.success) throw new ConfigurationError(problems.toSorted(byLine));
  return buildTaxonomy(result.data);
}

function byLine(a: Problem, b: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0);
}

/** The tree with its lookups. The version is a hash of the content, so comments and layout of the file do not count. */
function buildTaxonomy(input: z.infer<typeof taxonomySchema>): Taxonomy {
  const nodes = new Map<string, IntentNode>();
  const leaves: IntentNode[] = [];
  const build = (node: NodeInput): IntentNode => {
    const children: IntentNode[] = [];
    const built: IntentNode = {
      id: node.id,
      name: node.name,
      description: node.description.trim(),
      includes: node.includes,
      excludes: node.excludes,
      examples: node.examples,
      instructions: node.instructions.trim(),
      children,
    };
    nodes.set(built.id, built);
    for (const child of node.children ?? []) children.push(build(child));
    if (children.length === 0) leaves.push(built);
    return built;
  };
  const content = {
    name: input.name,
    priority: input.priority,
    whenAngry: input.whenAngry,
    instructions: input.instructions.trim(),
    intents: input.intents.map(build),
  };
  const version = versionOf(content);
  return { ...content, version, nodes, leaves };
}

/** What a schema cannot see: ids that repeat, leave their parent's path, or are named but not there. */
function checkTree(located: LocatedYaml): Problem[] {
  const problems: Problem[] = [];
  const lines = new Map<string, number | null>();
  const add = (path: Path, message: string, cure: string) =>
    problems.push({ ...located.locate(path), message: `${formatDataPath(path)}: ${message}`, cure });

  const visit = (nodes: unknown, path: Path, parent: string | null) => {
    if (!Array.isArray(nodes)) return;
    nodes.forEach((node: unknown, index) => {
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

  const priority = field(located.value, 'priority');
  const seen = new Set<string>();
  (Array.isArray(priority) ? priority : []).forEach((intent: unknown, index) => {
    if (typeof intent !== 'string') return;
    if (!lines.has(intent)) {
      add(
        ['priority', index],
        `there is no intent "${intent}"`,
        suggest(intent, lines.keys()) ?? 'Name an intent of the tree.',
      );
    } else if (seen.has(intent)) add(['priority', index], `"${intent}" is named twice`, 'Keep one of the two.');
    seen.add(intent);
  });
  return problems;
}

function checkId(options: {
  id: string;
  parent: string | null;
  lines: Map<string, number | null>;
  line: number | null;
  add: (message: string, cure: string) => void;
}): void {
  const { id, parent, lines, line, add } = options;
  const ownSegment = id.split('/').at(-1) ?? '';
  if (lines.has(id)) {
    add(`the id "${id}" is used twice (first on line ${lines.get(id)})`, 'Give one of the two another id.');
  } else lines.set(id, line);

  if (!id.split('/').every((part) => segment.test(part))) {
    add(
      `the id "${id}" has characters that an id cannot have`,
      'Use letters, digits and "-" (also "_" and "." inside), with "/" between parent and child.',
    );
  } else if (parent === null && id.includes('/')) {
    add(
      `the id "${id}" names a parent, but stands at the top`,
      `Put it below "${id.slice(0, id.lastIndexOf('/'))}", or call it "${ownSegment}".`,
    );
  } else if (parent !== null && id.slice(0, id.lastIndexOf('/')) !== parent) {
    add(
      `the id "${id}" is outside the path of its parent "${parent}"`,
      `Call it "${parent}/${ownSegment}", or move it below its own parent.`,
    );
  }
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}
