import { createModelUse } from '../classifiers/model-api/model-account.ts';
import { ConflictError, InputError, NotFoundError } from '../errors.ts';
import type { HttpApp } from '../http/http-app.ts';
import type { HistoryEntry, HistoryEvent, StoredSession, TicketRecord } from '../store/store.ts';
import type { IncomingTicket } from '../ticket/ticket.ts';
import { plainConfig } from './plain-config.ts';
import { sampleEntry } from './sample-values.ts';
import { smallTaxonomy } from './small-taxonomy.ts';

export type StubHttpApp = HttpApp & {
  /** Appends to the history and notifies the subscribers. */
  emit(ticketId: string | null, event: HistoryEvent): HistoryEntry;
  /** Marks the ticket as decided and notifies the subscribers. */
  decide(ticketId: string): void;
  subscriberCount(): number;
};

const refuse = async () => {
  throw new Error('the stub has no people');
};
/** Nobody has a name of their own. Tests of people take those of a real store. */
const noPeople: HttpApp['people'] = {
  ...{ addUser: refuse, changeUser: refuse, removeUser: refuse, inviteUser: refuse },
  ...{ addToken: refuse, removeToken: refuse, acceptInvitation: refuse },
  listUsers: async () => [],
  listTokens: async () => [],
  findUser: async () => null,
  findProxyUser: async () => null,
  findInvited: async () => null,
  findToken: async () => null,
  findTokenByName: async () => null,
  checkPassword: async () => null,
  see: async () => {},
};

/** An app that keeps tickets in memory, for tests of the HTTP server alone. */
export function createStubHttpApp(overrides: Partial<HttpApp> = {}): StubHttpApp {
  const records = new Map<string, TicketRecord>();
  const entries: HistoryEntry[] = [];
  const listeners = new Set<(entry: HistoryEntry) => void>();
  const at = '2026-11-22T10:00:00.000Z';
  const sessions = new Map<string, StoredSession>();
  let nextId = 1;

  const emit = (ticketId: string | null, event: HistoryEvent) => {
    const entry = { ...sampleEntry({ ticketId, event }), seq: entries.length + 1, at };
    entries.push(entry);
    for (const listener of listeners) listener(entry);
    return entry;
  };
  const take = (ticket: IncomingTicket) => {
    const id = ticket.id ?? `minted-${nextId++}`;
    const known = records.get(id);
    if (known && known.ticket.body !== ticket.body) throw new ConflictError(`The id "${id}" is taken.`);
    if (known) return { status: 'repeated' as const, ticketId: id, revision: 1 };
    records.set(id, {
      ticketId: id,
      revision: 1,
      state: 'received',
      receivedAt: at,
      ticket: { ...ticket, id },
      classification: null,
      decision: null,
      delivery: null,
      connector: 'api',
      externalId: id,
      assignment: null,
      place: null,
      changes: [],
      feedback: [],
      history: [],
    });
    emit(id, 'accepted');
    return { status: 'accepted' as const, ticketId: id, revision: 1 };
  };

  return {
    config: plainConfig(),
    engine: { kind: 'local', why: 'stub' },
    taxonomy: smallTaxonomy({}),
    names: { intent: [], team: [], rule: [], connector: ['api'] },
    route: async () => {
      throw new Error('the stub does not route');
    },
    tryTicket: async () => {
      throw new Error('the stub does not route');
    },
    intake: async ({ ticket }) => take(ticket),
    acceptWebhook: async ({ connector }) => {
      throw new NotFoundError(`No connector "${connector}" receives webhooks here.`);
    },
    findMove: () => null,
    feedback: async ({ ticketId, feedback, actor }) => {
      if (!records.has(ticketId)) throw new NotFoundError(`There is no ticket "${ticketId}".`);
      return {
        ...{ id: 1, ticketId, revision: 1, at, feedback, actor },
        ...{
          state: 'applied' as const,
          why: null,
          undoneAt: null,
          undoneBy: null,
          hint: null,
          moveTo: null,
          exampleWaits: null,
        },
      };
    },
    undoFeedback: async () => {},
    importTickets: async ({ connector }) => {
      if (connector !== 'desk') throw new NotFoundError(`There is no connector "${connector}".`);
    },
    findDelivered: async () => ['d-1'],
    undoDelivery: async ({ decisionId }) => {
      if (decisionId !== 'd-1') throw new NotFoundError(`There is no decision "${decisionId}" with a delivery.`);
      return { decisionId, ticketId: 't-1', state: 'undone', detail: 'the group from before' };
    },
    approveFeedback: async () => {},
    applyCalibration: async ({ calibration }) => {
      if (calibration.taxonomy !== 'stub') throw new InputError({ message: 'It was fitted for another taxonomy.' });
    },
    listCalibrations: async () => [],
    dropCalibration: async ({ engine }) => {
      throw new NotFoundError(`There is no calibration of "${engine}".`);
    },
    review: {
      next: async () => ({ items: [], remaining: 0 }),
      decide: async ({ id }) => {
        throw new NotFoundError(`There is no review item ${id}.`);
      },
      undo: async ({ id }) => {
        throw new NotFoundError(`There is no review item ${id}.`);
      },
      counts: async () => ({ abstained: 2, unsure: 0, moved: 0, correction: 0, example: 0 }),
      countDone: async () => ({ mine: 0, all: 0 }),
    },
    importExamples: async ({ examples }) => ({ added: examples.length, changed: 0, unchanged: 0 }),
    removeExamples: async () => {},
    approveExample: async () => {},
    erase: async ({ what }) => {
      const ticketIds = 'ticketId' in what && records.delete(what.ticketId) ? [what.ticketId] : [];
      return { ticketIds, examples: 0, ownExampleIds: [] };
    },
    previewErasure: async () => ({ ticketIds: [], examples: 0, ownExampleIds: [] }),
    events: {
      subscribe: ({ afterSeq, onEvent }) => {
        if (afterSeq !== undefined) for (const entry of entries.slice(afterSeq)) onEvent(entry);
        listeners.add(onEvent);
        return () => listeners.delete(onEvent);
      },
    },
    engineStart: () => null,
    health: async () => ({
      ready: true,
      store: { kind: 'embedded', location: 'memory', ok: true, error: null },
      queue: { ok: true, waiting: 0, oldestSeconds: null, active: 0 },
      worker: { running: true },
      engine: { kind: 'local', why: 'stub' },
      examples: 0,
      examplesBySource: { file: 0, import: 0, feedback: 0 },
      unknownIntents: {},
      helpdesks: [],
      refusedWebhooks: [],
      degraded: [],
    }),
    modelUse: createModelUse({ dailyBudgetUsd: null }),
    learning: 'immediate',
    people: noPeople,
    modelStatus: async () => ({ models: [], calls: [], spentTodayUsd: 0, budgetUsd: null }),
    store: {
      tickets: {
        getRecord: async (ticketId) => records.get(ticketId) ?? null,
        list: async () => ({ items: [], nextCursor: null }),
      },
      examples: { list: async () => ({ items: [], nextCursor: null }), countByIntent: async () => new Map() },
      counters: {
        all: async () =>
          [...Map.groupBy(entries, ({ event }) => event)].map(([event, own]) => ({
            name: 'events',
            labels: { event },
            value: own.length,
          })),
      },
      figures: {
        counts: async () => new Map(),
        series: async () => [],
        corrections: async () => [],
        cost: async () => ({ tickets: 0, usd: 0 }),
      },
      spend: { todayUsd: async () => 0 },
      history: { lastSeq: async () => entries.length },
      flush: async () => {},
      sessions: {
        add: async (session) => void sessions.set(session.hash, session),
        find: async (hash) => sessions.get(hash) ?? null,
        remove: async (hash) => void sessions.delete(hash),
        removeExpired: async (now) => {
          for (const { hash, expiresAt } of sessions.values()) if (new Date(expiresAt) < now) sessions.delete(hash);
        },
      },
    },
    emit,
    decide: (ticketId) => {
      const record = records.get(ticketId);
      if (record) records.set(ticketId, { ...record, state: 'decided' });
      emit(ticketId, 'decided');
    },
    subscriberCount: () => listeners.size,
    ...overrides,
  };
}
