import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { judgeUncalibrated } from '../../classifiers/calibration/uncalibrated.ts';
import type { Redact } from '../../classifiers/claude/build-request.ts';
import { classifyReply } from '../../classifiers/claude/classify-reply.ts';
import { customIdFor } from '../../classifiers/claude/custom-id.ts';
import type { GuessIntents } from '../../classifiers/claude/guess-intents.ts';
import { createPromptBook } from '../../classifiers/claude/prompt-book.ts';
import { parseReplyMessage } from '../../classifiers/claude/reply-message.ts';
import { retrieveExamples } from '../../classifiers/claude/retrieve-examples.ts';
import type { OpinionSource } from '../../classifiers/opinion.ts';
import type { ExampleIndex } from '../../classifiers/retrieval/example-index.ts';
import { classifyAutomatic } from '../../classifiers/skip-automatic.ts';
import type { LoadedConfig } from '../../config/config-schema.ts';
import { ConfigurationError, type Problem } from '../../errors.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import { bareTicket } from '../dataset/bare-ticket.ts';
import { type Answer, MAIN_TRIAL } from '../run/answer.ts';

/** One result line of the Message Batches API. */
const lineSchema = z.object({
  custom_id: z.string(),
  result: z.discriminatedUnion('type', [
    z.object({ type: z.literal('succeeded'), message: z.unknown() }),
    z.object({ type: z.literal('errored'), error: z.unknown() }),
    z.object({ type: z.literal('canceled') }),
    z.object({ type: z.literal('expired') }),
  ]),
});
type Reply = z.infer<typeof lineSchema>['result'];

/**
 * Turns replies that a model gave outside this program into the answers of a run, one for each ticket of the data set.
 * Automatic mail is answered without a reply, as it is without asking an engine.
 * `index` must hold the examples that the requests were made with.
 */
export async function readReplies(options: {
  readonly replies: ReadonlyMap<string, Reply>;
  readonly config: LoadedConfig;
  readonly taxonomy: Taxonomy;
  readonly tickets: readonly LabelledTicket[];
  readonly index: ExampleIndex;
  /** As the requests were made. */
  readonly guess: GuessIntents | null;
  /** The embedded engine that gave its opinion in the requests. */
  readonly embedded: OpinionSource;
  /** Null when the requests held the tickets unredacted. */
  readonly redact: Redact | null;
}): Promise<Answer[]> {
  const { taxonomy, index, guess, embedded, redact, replies } = options;
  const { claude, confidence, retrieval } = options.config.settings;
  // A line of a batch is a single question, so the requests always used the flat strategy, however large the tree.
  const book = createPromptBook({ taxonomy, settings: { ...claude, strategy: 'flat' } });

  const answers: Answer[] = [];
  for (const labelled of options.tickets) {
    const ticket = bareTicket(labelled);
    const reply = replies.get(customIdFor(ticket.id));
    const base = { trial: MAIN_TRIAL, ticketId: ticket.id, elapsedMs: null, classification: null };
    const automatic = classifyAutomatic({ ticket, taxonomy });
    if (automatic !== null) {
      answers.push({ ...base, classification: automatic, outcome: 'answered', error: null });
      continue;
    }
    if (reply?.type !== 'succeeded') {
      answers.push({ ...base, outcome: reply?.type === 'expired' ? 'timeout' : 'error', error: reasonOf(reply) });
      continue;
    }
    const message = parseReplyMessage(reply.message);
    const examples = await retrieveExamples({ index, retrieval, ticket, taxonomy, guess, heldOut: embedded.heldOut });
    const opinion = claude.hint === 'auto' ? await embedded.opinionOf({ ticket, taxonomy }) : null;
    const answer = classifyReply({
      book,
      ticket,
      examples,
      opinion,
      heldOut: embedded.heldOut,
      redact,
      message,
      examplesVersion: index.version,
      prices: claude.prices,
    });
    // As in production before a calibration, but without the agreement of the embedded engine.
    const classification = judgeUncalibrated({ answer, other: null, target: confidence });
    const isRefusal = message.stop_reason === 'refusal';
    const isRead = classification.intent !== null;
    answers.push({
      ...base,
      classification,
      outcome: isRead ? 'answered' : isRefusal ? 'refused' : 'error',
      error: isRead ? null : classification.stageReason,
    });
  }
  return answers;
}

function reasonOf(reply: Reply | undefined): string {
  switch (reply?.type) {
    case undefined:
      return 'the file of replies has no reply to this ticket';
    case 'expired':
      return 'the batch expired before this request was processed';
    case 'canceled':
      return 'the batch was cancelled before this request was processed';
    default:
      return 'the API answered this request with an error';
  }
}

/** Reads the replies of a file, by `custom_id`. Throws `ConfigurationError` that lists every line that is not a reply. */
export async function loadReplies(file: string): Promise<Map<string, Reply>> {
  return parseReplies({ text: await readReplyFile(file), file });
}

async function readReplyFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const message = code === 'ENOENT' ? 'the file of replies does not exist' : `the replies cannot be read (${code})`;
    throw new ConfigurationError([{ file, line: null, message, cure: 'Check the path after --replies.' }]);
  }
}

/** Parses replies, by `custom_id`. Throws `ConfigurationError` that lists every line that is not a reply. */
export function parseReplies({ text, file }: { text: string; file: string }): Map<string, Reply> {
  const problems: Problem[] = [];
  const replies = new Map<string, Reply>();
  text.split('\n').forEach((content, i) => {
    if (content.trim() === '') return;
    const parsed = parseLine(content);
    if (parsed === null) {
      problems.push({
        file,
        line: i + 1,
        message: 'this line is not a batch result',
        cure: 'Expected is {"custom_id": "…", "result": {"type": "succeeded", "message": {…}}}.',
      });
    } else replies.set(parsed.custom_id, parsed.result);
  });
  if (problems.length > 0) throw new ConfigurationError(problems);
  return replies;
}

function parseLine(content: string): z.infer<typeof lineSchema> | null {
  try {
    const parsed = lineSchema.safeParse(JSON.parse(content));
    if (!parsed.success) return null;
    if (parsed.data.result.type === 'succeeded') parseReplyMessage(parsed.data.result.message);
    return parsed.data;
  } catch {
    return null;
  }
}
