import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { versionOf } from '../base/hash.ts';
import { parseLocatedYaml } from '../base/located-yaml.ts';
import { problemsFromIssues } from '../base/schema-problems.ts';
import { ConfigurationError, type Problem } from '../errors.ts';
import { checkTree } from './check-tree.ts';
import { presentIntent } from './resolve-intent.ts';
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
  aliases: textList.describe('Ids that the intent had before; what was learned under them stays known.'),
  get children(): z.ZodOptional<z.ZodArray<typeof nodeSchema>> {
    return z.array(nodeSchema).min(1).optional();
  },
});
type NodeInput = z.infer<typeof nodeSchema>;

/** Schema of a taxonomy file. The JSON Schema for editors is generated from it. */
export const taxonomySchema = z.strictObject({
  name: z.string().min(1).max(200),
  priority: z.array(z.string().min(1)).default([]),
  whenAngry: z.enum(['intent', 'complaint']).default('intent'),
  instructions: z.string().default(''),
  intents: z.array(nodeSchema).min(1),
});

/** Reads a taxonomy file. Throws `ConfigurationError` that lists every problem, also when the file does not exist. */
export async function loadTaxonomy(file: string): Promise<Taxonomy> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const why =
      cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new ConfigurationError([
      {
        file,
        line: null,
        message: `the taxonomy file ${why}`,
        cure: 'Check `taxonomy:` in the configuration, or --taxonomy.',
      },
    ]);
  }
  return parseTaxonomy({ text, file });
}

/** Parses the text of a taxonomy file. Throws `ConfigurationError` that lists every problem. */
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

/** Builds the tree and its lookups. The version is a hash of the content without comments and layout of the file. */
function buildTaxonomy(input: z.infer<typeof taxonomySchema>): Taxonomy {
  const nodes = new Map<string, IntentNode>();
  const leaves: IntentNode[] = [];
  const aliases = new Map<string, string>();
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
    for (const alias of node.aliases) aliases.set(alias, built.id);
    for (const child of node.children ?? []) children.push(build(child));
    if (children.length === 0) leaves.push(built);
    return built;
  };
  const intents = input.intents.map(build);
  const content = {
    name: input.name,
    priority: input.priority.map((intent) => presentIntent({ nodes, aliases }, intent)),
    whenAngry: input.whenAngry,
    instructions: input.instructions.trim(),
    intents,
  };
  const version = versionOf(content);
  return { ...content, version, nodes, leaves, aliases };
}
