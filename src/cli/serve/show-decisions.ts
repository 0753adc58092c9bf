import { describeWaiting } from '../../app/describe-waiting.ts';
import type { App } from '../../app.ts';
import type { Logger } from '../../base/logger.ts';
import { count } from '../../base/plural.ts';
import type { HistoryEntry, HistoryFacts } from '../../store/store.ts';
import { type CliIo, writeText } from '../io.ts';
import { formatDecisionHeader, formatDecisionLine } from './decision-line.ts';
import { createLineLimit } from './line-limit.ts';
import type { Schedule } from './schedule.ts';

/** Nobody can read more lines in a second; further decisions are counted. */
const LINES_PER_SECOND = 10;

export type Decided = {
  readonly ticketId: string;
  readonly at: string;
  readonly facts: HistoryFacts<'decided'>;
};

/** A way to show decisions. */
export type DecisionView = {
  start(): void;
  decided(decided: Decided): Promise<void> | void;
  /** Called with the further decisions of a second that are only counted. */
  more(decided: readonly Decided[]): Promise<void> | void;
};

/** Shows every decision that is stored, by this process or another. Returns a function that ends this. */
export function showDecisions(options: {
  readonly app: Pick<App, 'events'>;
  readonly view: DecisionView;
  readonly schedule?: Schedule;
}): () => void {
  const { app, view, schedule } = options;
  let isOver = false;
  // One after another, so that lines are in the order of the decisions.
  let shown = Promise.resolve();
  const next = (show: () => Promise<void> | void) => {
    // A view that reads the store fails when it was closed meanwhile.
    shown = shown.then(() => (isOver ? undefined : show())).catch(() => {});
  };
  const limit = createLineLimit<Decided>({
    perSecond: LINES_PER_SECOND,
    onMore: (more) => next(() => view.more(more)),
    ...(schedule && { schedule }),
  });
  view.start();
  const unsubscribe = app.events.subscribe({
    isPatient: true,
    onEvent(entry) {
      const decided = readDecided(entry);
      if (decided !== null && limit.admit(decided)) next(() => view.decided(decided));
    },
  });
  return () => {
    isOver = true;
    unsubscribe();
    limit.stop();
  };
}

function readDecided({ event, ticketId, at, facts }: HistoryEntry): Decided | null {
  return event === 'decided' && ticketId !== null && 'rule' in facts ? { ticketId, at, facts } : null;
}

/** Shows decisions as lines with columns, for people at a terminal. */
export function createLineView(
  io: CliIo,
  app: {
    readonly engine: App['engine'];
    readonly store: { readonly tickets: Pick<App['store']['tickets'], 'getRecord' | keyof WaitingTickets> };
  },
): DecisionView {
  const { dim } = io.colors;
  return {
    start: () => writeText(io, `${formatDecisionHeader(io.colors)}\n`),
    async decided({ ticketId, at }) {
      const record = await app.store.tickets.getRecord(ticketId);
      if (record === null) return;
      writeText(io, `${formatDecisionLine(record, { decidedAt: at, colors: io.colors })}\n`);
      if (app.engine.kind === 'local' || record.classification === null) return;
      const { stage, abstained, stageReason } = record.classification;
      const isFallback = stage === 'none' || (stage === 'local' && (app.engine.kind === 'claude' || abstained));
      if (isFallback) writeText(io, `         ${dim(stageReason)}\n`);
    },
    async more(more) {
      const state = await readWaiting(app.store.tickets);
      const waiting = state.waiting === 0 ? '' : `; ${describeWaiting(state)}`;
      writeText(io, dim(`         and ${count(more.length, 'more decision')}: ${listTeams(more)}${waiting}\n`));
    },
  };
}

/** Writes decisions to the log, without text of the ticket, for programs that collect it. */
export function createLogView(
  logger: Logger,
  app: { readonly store: { readonly tickets: WaitingTickets } },
): DecisionView {
  return {
    start() {},
    decided({ ticketId, facts }) {
      const { intent, confidence, abstained, stage, team, priority, rule } = facts;
      logger.info({ ticketId, intent, confidence, abstained, stage, team, priority, rule }, 'decided');
    },
    async more(more) {
      const { waiting, oldestSeconds } = await readWaiting(app.store.tickets);
      const oldest = oldestSeconds === null ? {} : { oldestSeconds: Math.round(oldestSeconds) };
      logger.info(
        { decisions: more.length, teams: countTeams(more), waiting, ...oldest },
        'more decided in this second',
      );
    },
  };
}

type WaitingTickets = Pick<App['store']['tickets'], 'countWaiting' | 'oldestWaitingSeconds'>;

async function readWaiting(tickets: WaitingTickets): Promise<{ waiting: number; oldestSeconds: number | null }> {
  const [waiting, oldestSeconds] = await Promise.all([tickets.countWaiting(), tickets.oldestWaitingSeconds()]);
  return { waiting, oldestSeconds };
}

function countTeams(decided: readonly Decided[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { facts } of decided) counts.set(facts.team, (counts.get(facts.team) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

const listTeams = (decided: readonly Decided[]): string =>
  Object.entries(countTeams(decided))
    .map(([team, n]) => `${team} ${n}`)
    .join(', ');
