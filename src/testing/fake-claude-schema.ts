// Test double: the limits of structured outputs (documentation of October 2026).

const MAX_OPTIONAL = 24;
const MAX_UNIONS = 16;
const refused = [
  'minimum',
  'maximum',
  'multipleOf',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minLength',
  'maxLength',
  'maxItems',
  'uniqueItems',
  'patternProperties',
  'oneOf',
];
const types = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns what the API would refuse in an output schema; null when it accepts the schema. */
export function schemaProblem(schema: Node): string | null {
  const tally = { optional: 0, unions: 0 };
  const defs = isNode(schema.$defs) ? schema.$defs : {};
  const problem = nodeProblem({ node: schema, path: 'schema', tally, defs, above: [] });
  if (problem !== null) return problem;
  if (tally.optional > MAX_OPTIONAL) return `schema: ${tally.optional} optional properties, at most ${MAX_OPTIONAL}`;
  if (tally.unions > MAX_UNIONS) return `schema: ${tally.unions} properties with a union type, at most ${MAX_UNIONS}`;
  return null;
}

type Visit = {
  readonly node: Node;
  readonly path: string;
  readonly tally: { optional: number; unions: number };
  readonly defs: Node;
  /** Names of the definitions being expanded, to detect recursion. */
  readonly above: readonly string[];
};

function nodeProblem(visit: Visit): string | null {
  const { node, path, tally } = visit;
  const bad = refused.find((key) => key in node);
  if (bad !== undefined) return `${path}: ${bad} is not supported`;
  if (typeof node.$ref === 'string') return refProblem({ ...visit, ref: node.$ref });
  if (Array.isArray(node.type) || 'anyOf' in node) tally.unions += 1;
  const ownTypes = Array.isArray(node.type) ? node.type : node.type === undefined ? [] : [node.type];
  const unknown = ownTypes.find((type) => !types.includes(String(type)));
  if (unknown !== undefined) return `${path}: type ${String(unknown)} is not supported`;
  if (node.minItems !== undefined && node.minItems !== 0 && node.minItems !== 1)
    return `${path}: minItems must be 0 or 1`;
  if (node.enum !== undefined && !(Array.isArray(node.enum) && node.enum.length > 0))
    return `${path}: enum must have values`;
  return objectProblem(visit) ?? childrenProblem(visit);
}

function refProblem({ ref, ...visit }: Visit & { ref: string }): string | null {
  const name = /^#\/\$defs\/([^/]+)$/.exec(ref)?.[1];
  const target = name === undefined ? undefined : visit.defs[name];
  if (name === undefined || !isNode(target)) return `${visit.path}: $ref ${ref} cannot be resolved`;
  if (visit.above.includes(name)) return `${visit.path}: recursive schemas are not supported`;
  return nodeProblem({ ...visit, node: target, path: `$defs.${name}`, above: [...visit.above, name] });
}

function objectProblem({ node, path, tally }: Visit): string | null {
  if (node.type !== 'object') return null;
  if (node.additionalProperties !== false) return `${path}: additionalProperties must be false`;
  const names = Object.keys(isNode(node.properties) ? node.properties : {});
  const required: readonly unknown[] = Array.isArray(node.required) ? node.required : [];
  const absent = required.find((name) => !names.includes(String(name)));
  if (absent !== undefined) return `${path}: required names ${String(absent)}, which is no property`;
  tally.optional += names.filter((name) => !required.includes(name)).length;
  return null;
}

function childrenProblem(visit: Visit): string | null {
  const { node, path } = visit;
  const children: [string, unknown][] = [
    ...Object.entries(isNode(node.properties) ? node.properties : {}),
    ...(node.items === undefined ? [] : [['items', node.items] satisfies [string, unknown]]),
    ...(Array.isArray(node.anyOf) ? node.anyOf.map((child, at): [string, unknown] => [`anyOf.${at}`, child]) : []),
  ];
  for (const [name, child] of children) {
    if (!isNode(child)) return `${path}.${name}: must be a schema`;
    const problem = nodeProblem({ ...visit, node: child, path: `${path}.${name}` });
    if (problem !== null) return problem;
  }
  return null;
}
