// Queries that run for every ticket, at every look at a list, or every few minutes. On a small store a missing index is
// not noticed: a test explains each of them (src/store/hot-queries.test.ts), and a benchmark times them on a large store
// (benchmarks/growth.ts). Both fill the store with fill-store.ts, whose ids these use.
import type { ReviewFilter } from '../store/review-store.ts';
import type { StoreEntities, TicketFilter } from '../store/store.ts';

export type HotQuery = {
  readonly name: string;
  /** `round` changes which rows are read, so that a benchmark does not read the same ones again and again. */
  readonly run: (store: StoreEntities, round: number) => Promise<unknown>;
  /** What its plan must have: names of indexes, or a condition that is looked up in one. */
  readonly uses: readonly string[];
};

const some = (round: number, count: number) => Array.from({ length: count }, (_, i) => (round * 97 + i * 53) % 4_000);
const ticketIds = (round: number, count: number) => some(round, count).map((n) => `t-${n}`);
const decisionIds = (round: number, count: number) => some(round, count).map((n) => `d-${n}`);
const exampleIds = (round: number, count: number) => some(round, count).map((n) => `e-${n % 1_900}`);
const scope = (within: string) => [{ within, except: [] }];
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

const list = (name: string, filterOf: (round: number) => TicketFilter, uses: readonly string[]): HotQuery => ({
  name: `list: ${name}`,
  run: ({ tickets }, round) => tickets.list({ limit: 50, filter: filterOf(round) }),
  uses,
});

const intake: readonly HotQuery[] = [
  {
    name: 'the tickets of ten keys',
    run: ({ tickets }, round) =>
      tickets.findByKeys(ticketIds(round, 10).map((externalId) => ({ connector: 'api', externalId }))),
    uses: ['tickets_connector_external_id'],
  },
  {
    name: '25 tickets',
    run: ({ tickets }, round) => tickets.getMany(ticketIds(round, 25)),
    uses: ['tickets_pkey'],
  },
  {
    name: 'the contents of 25 tickets, with a lock',
    run: ({ tickets }, round) => tickets.lock(ticketIds(round, 25)),
    uses: ['tickets_pkey'],
  },
  {
    name: 'the assignments of 25 tickets',
    run: ({ assignments }, round) => assignments.getMany(ticketIds(round, 25)),
    uses: ['assignments_pkey'],
  },
  {
    name: 'what is to be delivered of 25 decisions',
    run: ({ deliveries }, round) => deliveries.getOrders(decisionIds(round, 25)),
    uses: ['deliveries_pkey', 'decisions_pkey', 'tickets_pkey', 'classifications_ticket_id_revision_pk'],
  },
  {
    name: 'the corrections of words',
    run: ({ corrections }, round) => corrections.ofWords([`unknown-${round}`]),
    uses: ['examples_words_hash'],
  },
];

const looks: readonly HotQuery[] = [
  {
    name: 'one ticket with its history',
    run: ({ tickets }, round) => tickets.getRecord(`t-${some(round, 1)[0]}`),
    uses: ['tickets_pkey', 'history_ticket', 'assignments_pkey', 'feedback_ticket'],
  },
  {
    name: 'the decision of a revision',
    run: ({ decisions }, round) => decisions.get({ ticketId: `t-${some(round, 1)[0]}`, revision: 1 }),
    uses: ['decisions_ticket_revision'],
  },
  {
    name: 'a decision',
    run: ({ decisions }, round) => decisions.getById(`d-${some(round, 1)[0]}`),
    uses: ['decisions_pkey'],
  },
  {
    name: 'history: what is new',
    run: async ({ history }) => history.after((await history.lastSeq()) - 20, 500),
    uses: ['history_pkey'],
  },
  { name: 'counts of tickets', run: ({ tickets }) => tickets.count(), uses: ['tickets_received'] },
  {
    name: 'the oldest waiting ticket',
    run: ({ tickets }) => tickets.oldestWaitingSeconds(),
    uses: ['tickets_received', 'history_ticket'],
  },
  { name: 'counts of deliveries', run: ({ deliveries }) => deliveries.countPending(), uses: ['deliveries_pending'] },
  { name: 'totals for the metrics', run: ({ counters }) => counters.all(), uses: [] },
  {
    name: 'counts of examples',
    run: ({ examples }) => Promise.all([examples.countBySource(), examples.countByIntent()]),
    uses: [],
  },
  {
    name: 'a session',
    run: ({ sessions }, round) => sessions.find(`unknown-${round}`),
    uses: ['sessions_pkey'],
  },
  { name: 'a user', run: ({ users }, round) => users.find(`unknown-${round}`), uses: ['users_pkey'] },
  {
    name: 'an invitation',
    run: ({ users }, round) => users.findInvited(`unknown-${round}`),
    uses: ['users_invitation_hash'],
  },
  {
    name: 'a token',
    run: ({ tokens }, round) => tokens.findByHash(`unknown-${round}`),
    uses: ['tokens_hash'],
  },
  {
    name: 'the token of a session',
    run: ({ tokens }, round) => tokens.findByName(`unknown-${round}`),
    uses: ['tokens_name'],
  },
];

/** Each with common values, of which the newest tickets have many, and with values that only the oldest tickets have. */
/** Which intents there are is read from this index too, so the page itself must look for one in it. */
const intentIndex = ['classifications_present_intent_position', 'Index Cond: (COALESCE(said_intent, intent) = '];

const lists: readonly HotQuery[] = [
  list('the newest', () => ({}), ['tickets_position']),
  {
    name: 'list: the 60th page',
    run: async ({ tickets }) => {
      const cursor = Buffer.from('p3000').toString('base64url');
      return tickets.list({ limit: 50, cursor });
    },
    uses: ['tickets_position'],
  },
  list('a team', (round) => ({ team: `team-${round % 12}` }), ['assignments_team_position']),
  list('an intent', (round) => ({ intent: scope(`intent-${round % 60}`) }), intentIndex),
  list('a rare intent', () => ({ intent: scope('rare') }), intentIndex),
  list('corrected from an intent', () => ({ correctedFrom: scope('rare') }), ['classifications_said_intent']),
  list('a priority', () => ({ priority: 'urgent' }), ['decisions_priority_position']),
  list('a rare priority', () => ({ priority: 'low' }), ['decisions_priority_position']),
  list('a rare urgency', () => ({ urgency: 'critical' }), ['decisions_urgency_position']),
  list('a rule', (round) => ({ rule: `rule-${round % 30}` }), ['decisions_rule_position']),
  list('a rare rule', () => ({ rule: 'rare' }), ['decisions_rule_position']),
  list('abstained', () => ({ abstained: true }), ['classifications_abstained']),
  list('an assignee', () => ({ assignee: 'ann' }), ['assignments_assignee_position']),
  list('a rare connector', () => ({ connector: 'rare' }), ['tickets_connector_external_id']),
  list('a rare stage', () => ({ stage: 'claude' }), ['classifications_stage_position']),
  list('a rare mode', () => ({ mode: 'shadow' }), ['decisions_mode_position']),
  list('waiting', () => ({ state: 'received' }), ['tickets_received']),
  list('urgent of a team', (round) => ({ priority: 'urgent', team: `team-${(round * 4) % 12}` }), [
    'assignments_team_position',
  ]),
  list(
    'an intent of a priority',
    (round) => ({ intent: scope(`intent-${(round * 20) % 60}`), priority: 'urgent' }),
    [],
  ),
  list('an intent of a priority that it never has', () => ({ intent: scope('intent-1'), priority: 'urgent' }), []),
  list('an intent of a team', (round) => ({ intent: scope(`intent-${round % 12}`), team: `team-${round % 12}` }), []),
  list('with a rare confidence', () => ({ minConfidence: 0.999 }), ['classifications_confidence']),
  list(
    'of a day',
    () => ({ receivedAfter: minutesAgo(1_440).toISOString(), receivedBefore: minutesAgo(2).toISOString() }),
    ['tickets_received_at'],
  ),
  {
    name: 'list: 50 examples',
    run: ({ examples }) => examples.list({ limit: 50, cursor: 'e-10' }),
    uses: ['examples_pkey'],
  },
  {
    name: 'list: 50 examples of an intent',
    run: ({ examples }, round) =>
      examples.list({ limit: 50, cursor: null, filter: { intent: scope(`intent-${round % 60}`) } }),
    uses: [],
  },
  {
    name: 'list: 50 examples that wait',
    run: ({ examples }) => examples.list({ limit: 50, cursor: null, filter: { state: 'waiting' } }),
    uses: ['examples_waiting'],
  },
];

const reviewer = (round: number) => ({ actor: { kind: 'user', id: `u-${round}` } as const, reviewer: 'tab' });
const next = (name: string, filter: Partial<ReviewFilter>, uses: readonly string[]): HotQuery => ({
  name: `review: ${name}`,
  run: ({ reviews }, round) =>
    reviews.hold({
      ...{ holder: reviewer(round), skipped: false, count: 3, holdMs: 1 },
      filter: { kinds: ['abstained', 'unsure', 'moved'], ...filter },
    }),
  uses: ['reviews_held', 'reviews_ticket', ...uses],
});

const review: readonly HotQuery[] = [
  next('the next three', {}, ['reviews_waiting']),
  next('the next three of a team', { team: 'team-1' }, ['reviews_waiting_team']),
  next('the next three of a rare intent', { intents: ['rare'] }, ['reviews_waiting_intent']),
  next('the next three in a rare language', { language: 'rare' }, ['reviews_waiting_language']),
  next('three of a language that has none', { language: 'none' }, ['reviews_waiting_language']),
  { name: 'review: counts', run: ({ reviews }) => reviews.counts(), uses: [] },
  {
    name: 'review: how many of a team wait',
    run: ({ reviews }, round) => reviews.countWaiting({ kinds: ['abstained', 'unsure'], team: `team-${round % 12}` }),
    uses: ['reviews_waiting_team'],
  },
  {
    name: 'review: what was done today',
    run: ({ reviews }) => reviews.countDone({ since: null, actor: { kind: 'user', id: 'ann' } }),
    uses: ['reviews_done'],
  },
  { name: 'review: one item', run: ({ reviews }, round) => reviews.get(round), uses: ['reviews_pkey'] },
];

const dayOfFigures = () => ({ since: minutesAgo(1_440), until: new Date() });
const monthOfFigures = () => ({ since: minutesAgo(30 * 1_440), until: new Date() });

/** The function `find_words` uses the index of words; its plan is not shown. */
const searches: readonly HotQuery[] = [
  list('a search for one order', (round) => ({ text: `order ${4_000 - (round % 50)}` }), ['ticket_words_pkey']),
  list('a search for an address', (round) => ({ text: `customer-${round % 4_000}@mail` }), ['ticket_words_pkey']),
  list('a rare search', () => ({ text: 'number 17' }), ['ticket_words_pkey', 'ticket_facts_pkey']),
  list('a search for what no ticket has', () => ({ text: 'zzz' }), ['ticket_words_pkey']),
  list('a search for common words', () => ({ text: 'parcel promi' }), ['ticket_facts_pkey']),
  list('common words of a team', () => ({ text: 'parcel', team: 'team-3' }), ['ticket_facts_pkey']),
  list('common words of a rare intent', () => ({ text: 'parcel', intent: scope('rare') }), []),
  list('a rare language', () => ({ language: 'xx' }), ['classifications_language_position']),
  list('ids', (round) => ({ ids: ticketIds(round, 100) }), ['tickets_pkey', 'tickets_position']),
  { name: 'words that are due', run: ({ words }) => words.due(20), uses: ['ticket_words_due'] },
];

const figures: readonly HotQuery[] = [
  {
    name: 'figures: by team, a day',
    run: ({ figures }) => figures.counts({ by: 'team', ...dayOfFigures() }),
    uses: ['ticket_facts_received_at'],
  },
  {
    name: 'figures: by team, a month',
    run: ({ figures }) => figures.counts({ by: 'team', ...monthOfFigures() }),
    uses: ['ticket_facts_received_at'],
  },
  {
    name: 'figures: by intent, of a team, a month',
    run: ({ figures }) => figures.counts({ by: 'intent', ...monthOfFigures(), filter: { team: 'team-1' } }),
    uses: ['ticket_facts_received_at'],
  },
  {
    name: 'figures: by stage, of a search, a month',
    run: ({ figures }) => figures.counts({ by: 'stage', ...monthOfFigures(), filter: { text: 'number 17' } }),
    uses: [],
  },
  {
    name: 'figures: hours of a day',
    run: ({ figures }) => figures.series({ step: 'hour', ...dayOfFigures() }),
    uses: ['ticket_facts_received_at'],
  },
  {
    name: 'figures: days of a month',
    run: ({ figures }) => figures.series({ step: 'day', ...monthOfFigures() }),
    uses: ['ticket_facts_received_at'],
  },
  {
    name: 'figures: corrections of a month',
    run: ({ figures }) => figures.corrections(monthOfFigures()),
    uses: ['feedback_at'],
  },
];

const upkeep: readonly HotQuery[] = [
  {
    name: 'upkeep: idle tickets, none',
    run: ({ erasures }) => erasures.findIdleTickets({ before: new Date(0), limit: 50 }),
    uses: ['tickets_received_at'],
  },
  {
    name: 'upkeep: 50 idle tickets',
    run: ({ erasures }) => erasures.findIdleTickets({ before: new Date(Date.now() + 60_000), limit: 50 }),
    uses: ['tickets_received_at'],
  },
  {
    name: 'upkeep: the tickets of a requester',
    run: ({ erasures }, round) => erasures.findTickets(`customer-${round}@mail.example.com`),
    uses: ['tickets_requester_email'],
  },
  {
    name: 'upkeep: the examples of 50 tickets',
    run: ({ erasures }, round) => erasures.findExamplesOfTickets(ticketIds(round, 50)),
    uses: ['examples_ticket', 'examples_pkey'],
  },
  {
    name: 'upkeep: the examples of a requester',
    run: ({ erasures }, round) => erasures.findExamplesOfRequester(`customer-${round}@mail.example.com`),
    uses: ['examples_requester'],
  },
  {
    name: 'upkeep: old marks of examples',
    run: ({ examples }) => examples.purgeRemoved(minutesAgo(1_440)),
    uses: ['examples_removed'],
  },
  { name: 'upkeep: erasures', run: ({ erasures }) => erasures.after(0, 100), uses: [] },
  {
    name: 'examples that have changed',
    run: ({ examples }) => examples.changedSince(new Date(Date.now() + 60_000)),
    uses: ['examples_updated_at'],
  },
  {
    name: 'examples by id',
    run: ({ examples }, round) => examples.find(exampleIds(round, 2)),
    uses: ['examples_pkey'],
  },
  {
    name: 'the examples of a ticket',
    run: ({ examples }, round) => examples.ofTicket(`t-${some(round, 1)[0]}`),
    uses: ['examples_ticket'],
  },
  {
    name: 'corrections without a hash',
    run: ({ corrections }) => corrections.withoutHash(100),
    uses: ['examples_source'],
  },
  {
    name: 'corrections of a person within a minute',
    run: ({ feedback }) =>
      feedback.countCorrections({ actor: { kind: 'user', id: 'ann' } as never, since: minutesAgo(1) }),
    uses: ['feedback_at'],
  },
];

export const hotQueries: readonly HotQuery[] = [
  ...intake,
  ...looks,
  ...lists,
  ...searches,
  ...figures,
  ...review,
  ...upkeep,
];
