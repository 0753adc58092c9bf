import type { IntentNode } from '../../../taxonomy/taxonomy.ts';
import type { Labels } from '../labels.ts';

/** Writes the choices with their borders (includes and excludes). Nodes above a choice become headings. */
export function intentsText({ roots, labels }: { roots: readonly IntentNode[]; labels: Labels }): string {
  return roots.map((node) => nodeText({ node, labels })).join('\n');
}

function nodeText({ node, labels }: { node: IntentNode; labels: Labels }): string {
  if (labels.nodeOfId(node.id) !== null) return choiceText({ node, labels });
  const advice = node.instructions === '' ? [] : [labels.rewrite(node.instructions)];
  return [
    `## ${node.name}${sentence(node.description)}`,
    ...borders({ node, labels, indent: '' }),
    ...advice,
    ...node.children.map((child) => nodeText({ node: child, labels })),
  ].join('\n');
}

function choiceText({ node, labels }: { node: IntentNode; labels: Labels }): string {
  const label = labels.labelOf(node.id);
  // The name is left out where it repeats the label: "Billing inquiries" after billing_inquiries.
  const named = label === node.name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_') ? '' : ` (${node.name})`;
  const covers = node.children.length === 0 ? [] : [`  Covers: ${coverage(node).join('; ')}`];
  return [
    `- ${label}${named}${sentence(node.description)}`,
    ...borders({ node, labels, indent: '  ' }),
    ...covers,
    ...node.examples.map((example) => `  E.g. "${oneLine(example)}"`),
  ].join('\n');
}

const sentence = (description: string): string => (description === '' ? '' : `: ${oneLine(description)}`);
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

function borders({ node, labels, indent }: { node: IntentNode; labels: Labels; indent: string }): string[] {
  const write = (items: readonly string[]) =>
    items.map((item) => oneLine(labels.rewrite(item)).replace(/\.$/, '')).join('; ');
  return [
    ...(node.includes.length > 0 ? [`${indent}Includes: ${write(node.includes)}`] : []),
    ...(node.excludes.length > 0 ? [`${indent}Borders: ${write(node.excludes)}`] : []),
  ];
}

/** What a branch covers: its leaves by name, with their descriptions. */
function coverage(node: IntentNode): string[] {
  if (node.children.length === 0) return [`${node.name}${sentence(node.description)}`];
  return node.children.flatMap(coverage);
}
