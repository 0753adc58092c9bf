import { versionOf } from '../../base/hash.ts';
import type { IntentNode, Taxonomy } from '../../taxonomy/taxonomy.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { createLabels, type Labels } from './labels.ts';
import { type AnswerKind, answerSchema, answerText } from './prompt/answer-format.ts';
import { howToDecide } from './prompt/how-to-decide.ts';
import { intentsText } from './prompt/intents-text.ts';
import { ticketMessage } from './prompt/ticket-message.ts';
import type { ClaudeSettings } from './settings.ts';

/** The part of the settings that shapes what is asked. */
export type PromptSettings = Pick<
  ClaudeSettings,
  'model' | 'effort' | 'thinking' | 'output' | 'strategy' | 'instructions'
>;

/** One choice that Claude is given: all leaves at once, or the children of one node. */
export type Question = {
  /** Id of the node whose children are the choices; null for the top, and for all leaves at once. */
  readonly parent: string | null;
  readonly kind: AnswerKind;
  readonly labels: Labels;
  /** The fixed, cacheable part of the request. */
  readonly system: string;
  /** Estimated size of `system`. */
  readonly systemTokens: number;
  /** Hash of what makes the cached part: two questions with the same one share it. */
  readonly cacheKey: string;
  /** Frozen JSON schema of the answer; null in the XML style. */
  readonly schema: Readonly<Record<string, unknown>> | null;
};

/** Everything about the requests that no ticket changes. */
export type PromptBook = {
  /** Hash of all that is sent apart from ticket, examples and model name; every classification records it. */
  readonly version: string;
  readonly strategy: 'flat' | 'hierarchy';
  readonly taxonomy: Taxonomy;
  readonly settings: PromptSettings;
  /** Where to begin. */
  readonly first: Question;
  /** The choice among the children of a branch. Only for the `hierarchy` strategy. */
  below(node: IntentNode): Question;
};

// `auto` asks one flat question up to these sizes and goes down the tree above them. In money the two break even at a
// fixed part of about 12,000 tokens, read from the cache (benchmarks/prompt-cost.ts prints both for several trees). Up to
// 20,000 flat is taken all the same: it costs under 0.0001 USD a ticket more, needs one round trip instead of two, sees
// every border between intents, and cannot be led astray on the first step. That last is argued, not measured. The
// number of leaves bounds the answer's grammar, for which no limit is published.
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

/** A tree with one root has nothing to choose at its top. */
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
    howToDecide({ taxonomy, labels, kind }),
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
    layout: ticketMessage(layoutSample),
  };
  return versionOf(content);
}

/** Shows in the hash how examples and ticket are laid out around their words. */
const layoutSample = {
  examples: [{ label: 'label', text: 'text', rationale: 'why' }],
  subject: 'subject',
  body: 'body',
};
