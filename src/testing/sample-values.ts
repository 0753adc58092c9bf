import { systemActor } from '../base/actor.ts';
import { type Classification, noUsage } from '../classifiers/classifier.ts';
import type { Decision } from '../routing/decision.ts';
import type { HistoryEvent, HistoryFacts, NewHistoryEntry, NewTicket } from '../store/store.ts';

/** A classification for tests where its content does not matter. */
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
    release: null,
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

const sampleFacts: { readonly [Event in HistoryEvent]: HistoryFacts<Event> } = {
  accepted: { revision: 1 },
  revised: { revision: 2 },
  decided: {
    ...{ revision: 1, decisionId: 'd-1', release: null },
    ...{ intent: 'orders/status', confidence: 0.9, abstained: false, stage: 'local', model: null, costUsd: 0 },
    ...{ team: 'orders', assignee: null, priority: 'normal', urgency: 'normal', rule: 'orders' },
  },
  delivered: { decisionId: 'd-1' },
  'delivery-refused': { decisionId: 'd-1' },
  'delivery-skipped': { decisionId: 'd-1' },
  'delivery-undone': { decisionId: 'd-1' },
  'changed-outside': { field: 'group', from: '1', to: '2', sourceId: 'c-1' },
  feedback: { feedbackId: 1, waitsBecause: null },
  'feedback-approved': { feedbackId: 1 },
  'feedback-undone': { feedbackId: 1 },
  'waits-again': { feedbackId: 1, exampleId: null },
  'webhook-ignored': { webhookId: 1 },
  'examples-imported': { added: 1, changed: 0, unchanged: 0 },
  'examples-removed': { ids: ['e-1'] },
  'example-approved': { id: 'e-1' },
  'calibration-applied': { engine: 'claude', version: 'c-1' },
  'calibration-dropped': { engine: 'claude', version: 'c-1' },
  'tickets-imported': { connector: 'desk', since: '2026-11-01T00:00:00.000Z' },
  'user-added': { user: 'ana', role: 'agent' },
  'user-changed': { user: 'ana', role: 'lead' },
  'user-invited': { user: 'ana', role: 'agent' },
  'user-removed': { user: 'ana', role: 'agent' },
  'password-chosen': { user: 'ana', role: 'agent' },
  'token-added': { token: 'nightly', role: 'agent' },
  'token-removed': { token: 'nightly', role: 'agent' },
  'tickets-erased': { tickets: 1, examples: 0 },
};

/** A history entry for tests where its content does not matter. */
export function sampleEntry(
  overrides: Pick<NewHistoryEntry, 'event' | 'ticketId'> & Partial<Omit<NewHistoryEntry, 'event' | 'ticketId'>>,
): NewHistoryEntry {
  const entry = { by: 'test', actor: systemActor, detail: '', facts: sampleFacts[overrides.event], ...overrides };
  // The cast is safe: `sampleFacts` has the facts that belong to each event.
  return entry as NewHistoryEntry;
}
