import { stringify } from 'yaml';
import type { Named } from '../../connectors/connector.ts';
import { takeSlug } from './slug.ts';

/** How connectors part the levels of a category's name. */
const LEVEL = ' / ';
/** A tree of more is no help to anybody; the rest can be added to the file. */
const MAX_CATEGORIES = 300;
const MAX_NAME_LENGTH = 150;

type Node = { name: string; readonly children: Node[] };
type Written = { id: string; name: string; description?: string; children?: Written[] };

/** Writes a taxonomy file of a helpdesk's categories, whose descriptions a person has yet to write. */
export function taxonomyOfCategories(options: {
  readonly title: string;
  readonly categories: readonly Named[];
}): string {
  const { title, categories } = options;
  const roots: Node[] = [];
  for (const { name } of categories.slice(0, MAX_CATEGORIES)) {
    const levels = name.split(LEVEL).map((level) => level.trim().slice(0, MAX_NAME_LENGTH));
    let siblings = roots;
    for (const level of levels.filter((one) => one !== '')) {
      const known = siblings.find((node) => node.name === level);
      const node = known ?? { name: level, children: [] };
      if (known === undefined) siblings.push(node);
      siblings = node.children;
    }
  }
  const intents = write(roots, null);
  const comment = [
    `# What customers want, made of the categories of ${title}.`,
    '# Say for each intent what belongs to it: `description`, and `excludes` where it borders on another. Engines decide by',
    '# these words until there are labelled tickets (docs/configuration.md#taxonomy).',
  ];
  return `${comment.join('\n')}\n${stringify({ name: `${title} categories`, intents }, { lineWidth: 0 })}`;
}

function write(nodes: readonly Node[], parent: string | null): Written[] {
  const taken = new Set<string>();
  return nodes.map(({ name, children }, index) => {
    const own = takeSlug(taken, name, `category-${index + 1}`);
    const id = parent === null ? own : `${parent}/${own}`;
    if (children.length > 0) return { id, name, children: write(children, id) };
    return { id, name, description: name };
  });
}
