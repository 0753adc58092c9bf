import type { IntentNode } from '../../taxonomy/taxonomy.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import type { CallResult } from '../model-api/call-model.ts';
import { modelFailure } from '../model-api/model-failure.ts';
import { type Spent, sumSpent } from '../model-api/spent.ts';
import type { Opinion } from '../opinion.ts';
import { buildRequestInTurns, type ClaudeRequest, type RedactInTurns } from './build-request.ts';
import { type AskOptions, askClaude } from './call/ask-claude.ts';
import type { Answer } from './parse-reply.ts';
import type { PromptBook } from './prompt-book.ts';
import type { RetrievedExamples } from './retrieve-examples.ts';

export type LevelsResult =
  | {
      readonly ok: true;
      /** One for each question, from the top. The choice of the last one is a leaf. */
      readonly answers: readonly [Answer, ...Answer[]];
      readonly spent: Spent;
      readonly notes: readonly string[];
    }
  | Extract<CallResult<never>, { ok: false }>;

/**
 * Asks level by level down the tree until a leaf is chosen. With the flat strategy that is one question. All questions
 * share the deadline.
 */
export async function askLevels(
  options: Omit<AskOptions, 'request'> & {
    book: PromptBook;
    ticket: Ticket;
    examples: RetrievedExamples;
    opinion: Opinion | null;
    redact: RedactInTurns | null;
  },
): Promise<LevelsResult> {
  const { book, ticket, examples, opinion, redact } = options;
  const answers: Answer[] = [];
  const notes: string[] = [];
  const spent: Spent[] = [];
  let question = book.first;

  for (;;) {
    const request = await buildOrNull({ book, question, ticket, ...examples, opinion, redact });
    if (request === null) {
      const detail = 'the request could not be built from this ticket';
      const failure = modelFailure({ kind: 'unsendable', detail, retryable: false });
      return { ok: false, failure, spent: sumSpent(spent), notes };
    }
    const result = await askClaude({ ...options, request });
    spent.push(result.spent);
    notes.push(...result.notes);
    if (!result.ok) return { ...result, spent: sumSpent(spent), notes };
    const choice = skipSoleChildren(result.answer.choice);
    const answer = { ...result.answer, choice };
    answers.push(answer);
    if (choice.children.length === 0) {
      const [first, ...rest] = answers;
      return { ok: true, answers: [first ?? answer, ...rest], spent: sumSpent(spent), notes };
    }
    question = book.below(choice);
  }
}

/** If redaction or text extraction fails, the ticket is handled like any other that Claude does not answer. */
async function buildOrNull(options: Parameters<typeof buildRequestInTurns>[0]): Promise<ClaudeRequest | null> {
  try {
    return await buildRequestInTurns(options);
  } catch {
    return null;
  }
}

/** Goes down while a branch has one child, since there is nothing to choose. */
function skipSoleChildren(node: IntentNode): IntentNode {
  let current = node;
  for (
    let only = current.children[0];
    current.children.length === 1 && only !== undefined;
    only = current.children[0]
  ) {
    current = only;
  }
  return current;
}
