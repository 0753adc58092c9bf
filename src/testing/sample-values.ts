import { type Classification, noUsage } from '../classifiers/classifier.ts';
import type { Decision } from '../routing/decision.ts';
import type { NewTicket } from '../store/store.ts';

/** A classification for tests that do not ask what is in it. */
export function sampleClassification(overrides: Partial<Classification> = {}): Classification {
  return {
    intent: 'order-related/order-status-inquiries',
    confidence: 0.9,
    abstained: false,
    abstainReason: null,
    reasoning: 'The customer asks where a parcel is.',
    decidingWords: ['where is'],
    runnersUp: [],
    nearestExamples: [],
    secondaryIntents: [],
    urgency: null,
    sentiment: null,
    language: 'en',
    stage: 'local',
    stageReason: 'the only engine',
    model: null,
    versions: { taxonomy: 'taxonomy-1', prompt: null, examples: null, thresholds: null },
    usage: noUsage,
    costUsd: 0,
    latencyMs: 1,
    ...overrides,
  };
}

export function sampleDecision(overrides: Partial<Decision> & { id: string }): Decision {
  return {
    team: 'orders',
    assignee: null,
    priority: 'normal',
    tags: [],
    sla: { name: null, firstResponseDueAt: null, resolutionDueAt: null },
    urgency: 'normal',
    rule: 'orders',
    because: 'rule "orders": it is about an order',
    mode: 'auto',
    ...overrides,
  };
}

export function sampleTicket(overrides: Partial<NewTicket> & { id: string }): NewTicket {
  const { id } = overrides;
  return {
    connector: 'api',
    externalId: id,
    revision: 1,
    contentHash: `hash of ${id}`,
    ticket: { id, subject: 'Parcel', body: `Where is parcel ${id}?` },
    ...overrides,
  };
}
