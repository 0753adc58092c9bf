// What prompt-cost.ts compares us with: a request as in tutorials on ticket routing, in our own words. Everything is in
// one user message (so nothing can be cached), every request has nine solved examples, and the answer is free reasoning
// in tags followed by the intent.
import type { Taxonomy } from '../src/taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../src/ticket/ticket.ts';

const EXAMPLES_IN_EVERY_REQUEST = 9;

const nameOf = (taxonomy: Taxonomy, intent: string | null) => taxonomy.nodes.get(intent ?? '')?.name ?? '';

export function tutorialRequest(options: {
  taxonomy: Taxonomy;
  train: readonly LabelledTicket[];
  ticket: LabelledTicket;
}): string {
  const { taxonomy, train, ticket } = options;
  const step = Math.floor(train.length / EXAMPLES_IN_EVERY_REQUEST);
  const chosen = Array.from({ length: EXAMPLES_IN_EVERY_REQUEST }, (_, at) => train[at * step]).filter(
    (example) => example !== undefined,
  );
  return [
    'You are a classification system for customer support tickets. You read a request of a customer and give the intent that fits it best, together with your reasoning.',
    '',
    'This is the request to classify:',
    `<request>${ticket.body}</request>`,
    '',
    "Look at the request carefully to find the customer's core intent and needs. Consider what the customer asks for and is concerned about.",
    '',
    'First write out your reasoning and analysis of how to classify the request inside <reasoning> tags.',
    'Then give the label inside an <intent> tag. The valid intents are:',
    '<intents>',
    ...taxonomy.leaves.map(
      ({ name, description }) => `<intent><label>${name}</label><content>${description}</content></intent>`,
    ),
    '</intents>',
    '',
    'Exactly one intent applies to a request. Give only the one that applies most.',
    '',
    'Here are examples of requests with the output that is wanted:',
    '<examples>',
    ...chosen.map((example, at) =>
      [
        `<example ${at + 1}>`,
        `<request>${example.body}</request>`,
        `<reasoning>The customer's words point to ${nameOf(taxonomy, example.intent).toLowerCase()}, because that is what they ask about.</reasoning>`,
        `<intent>${nameOf(taxonomy, example.intent)}</intent>`,
        `</example ${at + 1}>`,
      ].join('\n'),
    ),
    '</examples>',
    '',
    'Always put the reasoning before the intent, the reasoning in <reasoning> tags and the intent in <intent> tags. Return nothing else.',
  ].join('\n');
}

/** Sentences that models typically write when asked for "reasoning and analysis" without a length. */
const sentences = [
  "The customer's message is about their insurance and describes a situation that they do not fully understand.",
  'They mention specific details and ask for an explanation, which shows that they want information more than an action.',
  'Although other categories touch on similar subjects, the core of the request is not a dispute and not a change.',
  'Therefore the request is best classified under the category that covers questions of this kind.',
  'No other part of the message changes this assessment, so a single intent is sufficient here.',
];

/** Returns an answer with about this many words of reasoning. */
export function tutorialAnswer(options: { taxonomy: Taxonomy; intent: string | null; words: number }): string {
  const reasoning = sentences.join(' ').split(' ').slice(0, options.words).join(' ');
  return `<reasoning>${reasoning}</reasoning>\n<intent>${nameOf(options.taxonomy, options.intent)}</intent>`;
}
