// Test double: turns the test's answer into a reply of the Messages API, and changes it when there is a fault.
import { estimateTokens } from '../classifiers/claude/estimate-tokens.ts';
import type { CacheCount } from './fake-claude-cache.ts';
import type { Fault } from './fake-claude-faults.ts';
import type { CheckedBody } from './fake-claude-request.ts';

export type FakeReply = {
  readonly id: string;
  readonly type: 'message';
  readonly role: 'assistant';
  readonly model: string;
  readonly content: readonly Readonly<Record<string, unknown>>[];
  readonly stop_reason: string;
  readonly stop_sequence: null;
  readonly stop_details: Readonly<Record<string, unknown>> | null;
  readonly container: null;
  readonly diagnostics: null;
  readonly usage: Readonly<Record<string, unknown>>;
};

/** Thinking tokens that the fake reports, for models that think. */
const THINKING_TOKENS = 60;

export function buildReply(options: {
  id: string;
  checked: CheckedBody;
  count: CacheCount;
  text: string;
  fault: Fault | null;
  tier: 'standard' | 'batch';
}): FakeReply {
  const { checked, count, fault } = options;
  const written = spoil(options);
  const text = written.text;
  const thinks = thinksFor(checked) || fault?.kind === 'thinking-first' || fault?.kind === 'thinking-only';
  const thinkingTokens = thinks ? THINKING_TOKENS : 0;
  const answerTokens = estimateTokens(text);
  const room = checked.body.max_tokens - thinkingTokens;
  const cut = answerTokens > room && written.stopReason === 'end_turn';
  const kept = cut ? text.slice(0, Math.max(0, Math.floor((text.length * room) / answerTokens))) : text;
  const outputTokens = thinkingTokens + estimateTokens(kept);
  return {
    id: options.id,
    type: 'message',
    role: 'assistant',
    model: checked.body.model,
    content: [
      ...(thinks ? [{ type: 'thinking', thinking: '', signature: 'fake' }] : []),
      ...(kept === '' ? [] : [{ type: 'text', text: kept, citations: null }]),
    ],
    stop_reason: cut ? 'max_tokens' : written.stopReason,
    stop_sequence: null,
    stop_details: fault?.kind === 'refusal' ? { type: 'refusal', category: fault.category, explanation: null } : null,
    container: null,
    diagnostics: null,
    usage: {
      input_tokens: count.promptTokens - count.readTokens - count.write5mTokens - count.write1hTokens,
      cache_creation_input_tokens: count.write5mTokens + count.write1hTokens,
      cache_read_input_tokens: count.readTokens,
      cache_creation: {
        ephemeral_5m_input_tokens: count.write5mTokens,
        ephemeral_1h_input_tokens: count.write1hTokens,
      },
      output_tokens: Math.min(outputTokens, checked.body.max_tokens),
      output_tokens_details: { thinking_tokens: Math.min(thinkingTokens, checked.body.max_tokens) },
      service_tier: options.tier,
      speed: 'standard',
      inference_geo: 'global',
      server_tool_use: null,
    },
  };
}

function thinksFor({ body, model }: CheckedBody): boolean {
  return body.thinking === undefined ? model.thinksByDefault : body.thinking.type !== 'disabled';
}

/** Applies a fault to an answer; returns the remaining text and the stop reason. */
function spoil({ text, fault }: { text: string; fault: Fault | null }): { text: string; stopReason: string } {
  switch (fault?.kind) {
    case 'refusal':
      return { text: fault.text ?? '', stopReason: 'refusal' };
    case 'truncated':
      return { text: text.slice(0, Math.floor(text.length / 3)), stopReason: 'max_tokens' };
    case 'thinking-only':
      return { text: '', stopReason: 'max_tokens' };
    case 'empty':
      return { text: '', stopReason: 'end_turn' };
    case 'text':
      return { text: fault.text, stopReason: 'end_turn' };
    case 'wrong-case':
      return {
        text: text.replace(/"(intent|urgency|sentiment|certainty)":"([^"]*)"/g, upperCaseValue),
        stopReason: 'end_turn',
      };
    default:
      return { text, stopReason: 'end_turn' };
  }
}

const upperCaseValue = (_: string, key: string, value: string) => `"${key}":"${value.toUpperCase()}"`;
