import { type Saying, say, sayAll } from '../../base/say.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import { languageOfTicket } from '../../ticket/ticket-language.ts';
import type { Classification, NearestExample, Usage } from '../classifier.ts';
import type { AnswerRecord } from '../opinion.ts';
import type { FoundExample } from '../retrieval/example-index.ts';
import { type ConfidenceTable, weakestCertainty } from './confidence.ts';
import { type Answer, MAX_REASONING_WORDS } from './parse-reply.ts';

/** The parts of a classification that do not depend on whether Claude answered. */
export type ClassificationMetadata = {
  readonly ticket: Ticket;
  readonly taxonomy: Taxonomy;
  readonly found: readonly FoundExample[];
  readonly promptVersion: string;
  readonly examplesVersion: string | null;
  /** The model that was called. */
  readonly model: string;
  readonly stage: 'claude' | 'second-opinion';
  readonly why: Saying;
  readonly usage: Usage;
  readonly costUsd: number;
  readonly latencyMs: number;
};

/** Maps Claude's answers, one for each level from the top, to a classification. */
export function mapClassification(
  options: ClassificationMetadata & {
    answers: readonly [Answer, ...Answer[]];
    table: ConfidenceTable;
    /** The embedded engine's answers to examples that it had not seen; null where it has none. */
    heldOut: AnswerRecord | null;
    /** Whether the embedded engine's opinion was shown. */
    sawOpinion: boolean;
  },
): Classification {
  const { answers, table, heldOut, sawOpinion, why } = options;
  const last = answers.at(-1) ?? answers[0];
  const intent = last.choice.id;
  const certainty = weakestCertainty(answers.map((answer) => answer.certainty));
  const confidence = table({ certainty, heldOut });
  const missing = answers.map((answer) => answer.missing).find((text) => text !== null) ?? null;
  const abstained = certainty === 'none_fits';
  return {
    ...commonParts(options),
    intent,
    confidence,
    abstained,
    ...(abstained ? abstainSaid(noneFits(missing)) : { abstainReason: null }),
    reasoning: joinReasoning(answers.map((answer) => answer.reasoning)),
    decidingWords: [...new Set(answers.flatMap((answer) => answer.decidingWords))],
    runnersUp: last.runnersUp
      .filter((node) => node.children.length === 0)
      // Claude names runners-up without figures. Each gets an even share of half of the remaining probability, and
      // never more than the best intent.
      .map((node, _, all) => ({
        intent: node.id,
        confidence: Math.min(confidence, (1 - confidence) / (2 * all.length)),
      })),
    secondaryIntents: last.also.filter((node) => node.children.length === 0).map((node) => node.id),
    urgency: last.urgency,
    sentiment: last.sentiment,
    stage: options.stage,
    stageReason: why.text,
    stageFacts: why.facts,
    stated: { certainty, sawOpinion },
  };
}

/**
 * Joins the reasoning of all levels if that is short enough; otherwise that of the last one, which chose the intent.
 */
function joinReasoning(steps: readonly string[]): string {
  const written = steps.filter((text) => text !== '');
  const all = written.join(' ');
  return all.split(' ').length <= MAX_REASONING_WORDS ? all : (written.at(-1) ?? '');
}

function noneFits(missing: string | null): Saying {
  const fits = say('engine.none-fits', 'No intent fits this ticket.');
  return missing === null ? fits : sayAll([fits, say('engine.missing', `Missing: ${missing}`, { missing })]);
}

const abstainSaid = ({ text, facts }: Saying) => ({ abstainReason: text, abstainFacts: facts });

/** Makes a classification without an answer. If no other engine has one, the ticket goes to the triage team. */
export function mapUndecided(options: ClassificationMetadata & { abstainReason: Saying }): Classification {
  return {
    ...commonParts(options),
    intent: null,
    confidence: 0,
    abstained: true,
    ...abstainSaid(options.abstainReason),
    reasoning: '',
    decidingWords: [],
    runnersUp: [],
    secondaryIntents: [],
    urgency: null,
    sentiment: null,
    stage: 'none',
    stageReason: options.why.text,
    stageFacts: options.why.facts,
  };
}

function commonParts(options: ClassificationMetadata) {
  const { ticket, taxonomy } = options;
  return {
    nearestExamples: nearest(options.found),
    language: languageOfTicket(ticket),
    model: options.model,
    versions: {
      taxonomy: taxonomy.version,
      prompt: options.promptVersion,
      examples: options.examplesVersion,
      thresholds: null,
    },
    usage: options.usage,
    costUsd: options.costUsd,
    latencyMs: options.latencyMs,
  };
}

export function nearest(found: readonly FoundExample[]): NearestExample[] {
  return found.map(({ example, similarity }) => ({ id: example.id, intent: example.intent, similarity }));
}
