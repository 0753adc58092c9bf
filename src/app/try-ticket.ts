import type { Decider, RouteResult } from '../app.ts';
import { type Saying, say, sayingOf } from '../base/say.ts';
import { classifyAutomatic } from '../classifiers/skip-automatic.ts';
import { type NamedTrial, nameTrial } from '../routing/choose-rule.ts';
import type { Ticket } from '../ticket/ticket.ts';
import type { RequestMaker } from './request-maker.ts';

/** What Claude would be sent about a ticket, for people. */
export type ShownRequest = {
  readonly redacted: boolean;
  /** Version of the prompt. */
  readonly prompt: string;
  readonly strategy: 'flat' | 'hierarchy';
  readonly model: string;
  readonly system: string;
  readonly messages: readonly { readonly role: 'user'; readonly content: string }[];
  /** Estimates. */
  readonly tokens: { readonly system: number; readonly messages: number };
  /** False where the engine asks no model. */
  readonly isSent: boolean;
};

export type TicketTrial = {
  readonly result: RouteResult;
  readonly rules: readonly NamedTrial[];
  /** Null where `requestMissing` says why. */
  readonly request: ShownRequest | null;
  readonly requestMissing: string | null;
  readonly requestMissingFacts?: Saying['facts'];
};

/** Decides a ticket, and shows which rules it was compared with and what Claude would be sent. Stores nothing. */
export async function tryTicket(
  decider: Pick<Decider, 'taxonomy' | 'engine' | 'tryRules'> & {
    /** Null for a classifier that is not ours. */
    readonly requests: (() => Promise<RequestMaker>) | null;
    readonly redaction: boolean;
  },
  { ticket, signal }: { ticket: Ticket; signal: AbortSignal | undefined },
): Promise<TicketTrial> {
  const { result, trials } = await decider.tryRules(ticket, signal);
  const rules = trials.map(nameTrial);
  const missing = whyNoRequest(decider, ticket);
  if (missing !== null || decider.requests === null) {
    return { result, rules, request: null, requestMissing: missing?.text ?? null, requestMissingFacts: missing?.facts };
  }
  const { book, requestFor } = await decider.requests();
  const { params, question } = await requestFor(ticket, signal);
  const { estimateTokens } = await import('../classifiers/claude/estimate-tokens.ts');
  // Ours are texts of one user; the type allows more.
  const messages = params.messages.flatMap(({ role, content }) =>
    role === 'user' && typeof content === 'string' ? [{ role, content }] : [],
  );
  const request: ShownRequest = {
    redacted: decider.redaction,
    prompt: book.version,
    strategy: book.strategy,
    model: params.model,
    system: question.system,
    messages,
    tokens: {
      system: question.systemTokens,
      messages: messages.reduce((sum, { content }) => sum + estimateTokens(content), 0),
    },
    isSent: decider.engine.kind === 'claude' || decider.engine.kind === 'cascade',
  };
  return { result, rules, request, requestMissing: null };
}

function whyNoRequest({ engine, taxonomy, requests }: Parameters<typeof tryTicket>[0], ticket: Ticket): Saying | null {
  if (requests === null) return say('setup.no-claude', `Claude is not used here: ${engine.why}.`);
  const unasked = classifyAutomatic({ ticket, taxonomy });
  return unasked === null ? null : sayingOf(unasked.reasoning, unasked.reasoningFacts);
}
