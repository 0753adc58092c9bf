import { versionOf } from '../../base/hash.ts';
import { parseTaxonomy } from '../../taxonomy/parse-taxonomy.ts';
import type { IntentNode, Taxonomy } from '../../taxonomy/taxonomy.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { createLabels, type Labels } from './labels.ts';
import { type AnswerKind, answerSchema, answerText } from './prompt/answer-format.ts';
import { howToDecide } from './prompt/how-to-decide.ts';
import { intentsText } from './prompt/intents-text.ts';
import { ticketMessage } from './prompt/ticket-message.ts';
import type { ClaudeSettings } from './settings.ts';

/** The settings that affect the request. */
export type PromptSettings = Pick<
  ClaudeSettings,
  'model' | 'effort' | 'thinking' | 'output' | 'strategy' | 'instructions' | 'hint'
>;

/** One question to Claude: a choice among all leaves, or among the children of one node. */
export type Question = {
  /** Id of the node whose children are the choices; null for the top level and for all leaves at once. */
  readonly parent: string | null;
  readonly kind: AnswerKind;
  readonly labels: Labels;
  /** The fixed, cacheable part of the request. */
  readonly system: string;
  /** Estimated size of `system`. */
  readonly systemTokens: number;
  /** Hash of model, fixed part and schema: questions with the same key share an entry of the prompt cache. */
  readonly cacheKey: string;
  /** JSON schema of the answer; null in the XML style. */
  readonly schema: Readonly<Record<string, unknown>> | null;
};

/** The parts of the requests that are the same for every ticket. */
export type PromptBook = {
  /** Hash of all that is sent except ticket, examples, opinion and model name; every classification records it. */
  readonly version: string;
  readonly strategy: 'flat' | 'hierarchy';
  readonly taxonomy: Taxonomy;
  readonly settings: PromptSettings;
  /** The first question about a ticket. */
  readonly first: Question;
  /** The question about the children of a branch. Only for the `hierarchy` strategy. */
  below(node: IntentNode): Question;
};

// Up to these sizes `auto` asks one flat question; above them it goes down the tree. Both cost the same at a fixed part
// of about 12,000 tokens, read from the cache (benchmarks/prompt-cost.ts prints both for several trees). Flat is used
// up to 20,000 tokens all the same: it costs less than 0.0001 USD more per ticket, needs one request instead of two,
// sees all borders between intents, and cannot take a wrong branch at the first step. That last point is reasoned, not
// measured. The limit on leaves keeps the grammar of the answer small; the API publishes no limit for it.
const FLAT_MAXIMUM_TOKENS = 20_000;
export const FLAT_MAXIMUM_LEAVES = 250;

export function createPromptBook({ taxonomy, settings }: { taxonomy: Taxonomy; settings: PromptSettings }): PromptBook {
  const flat = () => flatQuestion({ taxonomy, settings });
  const strategy = settings.strategy === 'auto' ? chooseStrategy({ taxonomy, flat: flat() }) : settings.strategy;
  const first =
    strategy === 'flat' ? flat() : questionBelow({ taxonomy, settings, parent: skipSingleChildren(taxonomy.intents) });
  const branches = new Map<string, Question>();
  const below = (node: IntentNode): Question => {
    const known = branches.get(node.id);
    if (known !== undefined) return known;
    const question = questionBelow({ taxonomy, settings, parent: node });
    branches.set(node.id, question);
    return question;
  };
  const questions = strategy === 'flat' ? [first] : [first, ...branchesOf(taxonomy).map(below)];
  return { version: promptVersion({ questions, settings }), strategy, taxonomy, settings, first, below };
}

function chooseStrategy({ taxonomy, flat }: { taxonomy: Taxonomy; flat: Question }): 'flat' | 'hierarchy' {
  const hasBranches = taxonomy.intents.some((node) => node.children.length > 0);
  const fits = taxonomy.leaves.length <= FLAT_MAXIMUM_LEAVES && flat.systemTokens <= FLAT_MAXIMUM_TOKENS;
  return fits || !hasBranches ? 'flat' : 'hierarchy';
}

function flatQuestion({ taxonomy, settings }: { taxonomy: Taxonomy; settings: PromptSettings }): Question {
  const labels = createLabels(taxonomy, taxonomy.leaves);
  return question({ taxonomy, settings, labels, roots: taxonomy.intents, parent: null, kind: 'full' });
}

function questionBelow(options: { taxonomy: Taxonomy; settings: PromptSettings; parent: IntentNode | null }): Question {
  const { taxonomy, parent } = options;
  const choices = parent === null ? taxonomy.intents : parent.children;
  const kind = choices.every((choice) => choice.children.length > 0) ? 'branch' : 'full';
  return question({ ...options, labels: createLabels(taxonomy, choices), roots: choices, kind });
}

/** Skips a single root, where there is nothing to choose. Returns the parent of the first choice; null for the top. */
function skipSingleChildren(nodes: readonly IntentNode[]): IntentNode | null {
  let parent: IntentNode | null = null;
  let choices = nodes;
  for (
    let only = choices[0];
    choices.length === 1 && only !== undefined && only.children.length > 0;
    only = choices[0]
  ) {
    parent = only;
    choices = only.children;
  }
  return parent;
}

function branchesOf(taxonomy: Taxonomy): IntentNode[] {
  return [...taxonomy.nodes.values()].filter((node) => node.children.length > 1);
}

function question(options: {
  taxonomy: Taxonomy;
  settings: PromptSettings;
  labels: Labels;
  roots: readonly IntentNode[];
  parent: IntentNode | null;
  kind: AnswerKind;
}): Question {
  const { taxonomy, settings, labels, kind, parent } = options;
  const advice = [taxonomy.instructions, settings.instructions, parent?.instructions ?? '']
    .map((text) => labels.rewrite(text.trim()))
    .filter((text) => text !== '');
  const system = [
    roleText({ taxonomy, parent }),
    '',
    '# Intents',
    intentsText({ roots: options.roots, labels }),
    ...(advice.length > 0 ? ['', "# This company's advice", ...advice] : []),
    '',
    howToDecide({ taxonomy, labels, kind, hasOpinions: settings.hint === 'auto' }),
    '',
    answerText({ kind, output: settings.output }),
  ].join('\n');
  const schema = settings.output === 'json' ? answerSchema({ labels, kind }) : null;
  const cacheKey = versionOf([settings.model, system, schema]);
  return { parent: parent?.id ?? null, kind, labels, system, systemTokens: estimateTokens(system), cacheKey, schema };
}

function roleText({ taxonomy, parent }: { taxonomy: Taxonomy; parent: IntentNode | null }): string {
  const within = parent === null ? '' : ` It is already known to belong to "${parent.name}"; choose within it.`;
  return (
    `You sort the support tickets of: ${taxonomy.name}. For each ticket you name the one intent that says what the customer ` +
    `needs, so that it reaches the right team with a reason that an agent can check.${within} Tickets come in any language.`
  );
}

function promptVersion({ questions, settings }: { questions: readonly Question[]; settings: PromptSettings }): string {
  const content = {
    questions: questions.map(({ system, schema }) => ({ system, schema })),
    effort: settings.effort,
    thinking: settings.thinking,
    hint: settings.hint,
    layout: [ticketMessage(layoutSample), ticketMessage({ ...layoutSample, isGuess: true })],
  };
  return versionOf(content);
}

/** Fixed texts, so that the hash also covers the layout of the message with examples, opinion and ticket. */
const layoutSample = {
  examples: [{ label: 'label', text: 'text', rationale: 'why' }],
  spread: { count: 1, labels: [{ label: 'label', count: 1 }] },
  opinion: { labels: [{ label: 'label', probability: 0.5 }], right: 1, of: 2 },
  subject: 'subject',
  body: 'body',
  earlier: [{ kind: 'quoted', text: 'earlier' }],
} as const;

/** A tree that stands in for any company's, so that two versions of our own words can be told apart. */
const referenceTree = `
name: Reference
intents:
  - id: first
    name: First
    description: The first intent.
    children:
      - { id: first/one, name: One, description: One intent. }
      - { id: first/two, name: Two, description: Another intent. }
  - { id: second, name: Second, description: The second intent. }
`;

/**
 * Hash of how any company's tickets are asked about with these settings: rules, form of the answer and layout, without a
 * company's tree and advice. Counts of answers to one design say nothing certain about another.
 */
export function promptDesign(settings: PromptSettings): string {
  const taxonomy = parseTaxonomy({ file: 'reference', text: referenceTree });
  return createPromptBook({ taxonomy, settings: { ...settings, strategy: 'flat', instructions: '' } }).version;
}
