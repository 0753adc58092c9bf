// Builds and connects the parts of the program: engine, store, queue, connectors, pipeline, worker. No other file does.

import type { BuiltEngine, EngineChoice } from './app/build-engine.ts';
import { buildRelease, followRelease } from './app/build-release.ts';
import { createEmbeddedLog } from './app/embedded-status.ts';
import { createTraceEraser } from './app/erase-traces.ts';
import { createErrorLog } from './app/error-log.ts';
import { createHealthCheck, type Health } from './app/health.ts';
import { readHelpdeskHealth } from './app/helpdesk-health.ts';
import { type KnownNames, listKnownNames } from './app/known-names.ts';
import {
  applyCalibration,
  dropCalibration,
  type ListedCalibration,
  listCalibrations,
  openCalibrations,
} from './app/live-calibrations.ts';
import { createNoEngine, NoEngineError } from './app/no-engine.ts';
import { openModelUse } from './app/open-model-use.ts';
import { tightenDataFolder } from './app/private-data.ts';
import { type StartingEngine, startEngine } from './app/start-engine.ts';
import { describeUnknownIntents, splitCounts, withPresentIntent } from './app/stored-examples.ts';
import { type TicketTrial, tryTicket } from './app/try-ticket.ts';
import type { Actor } from './base/actor.ts';
import { systemClock } from './base/clock.ts';
import { createId } from './base/ids.ts';
import { type Logger, silentLogger } from './base/logger.ts';
import type { OnProgress } from './base/progress.ts';
import { say } from './base/say.ts';
import { readCalibrationFiles, removeCalibrationFile } from './classifiers/calibration/calibration-file.ts';
import type { CalibratedEngine } from './classifiers/calibration/calibrations.ts';
import type { EngineCalibration } from './classifiers/calibration/engine-calibration.ts';
import type { Classification, Classifier } from './classifiers/classifier.ts';
import type { ModelUse } from './classifiers/model-api/model-account.ts';
import type { ModelStatus, StartProgress } from './classifiers/model-api/model-watch.ts';
import type { Example } from './classifiers/retrieval/example-index.ts';
import { askedPrompts } from './config/asked-prompts.ts';
import type { LoadedConfig } from './config/config-schema.ts';
import { describeEngine } from './config/describe-engine.ts';
import { describeUncalibrated, sentenceOf } from './config/describe-uncalibrated.ts';
import { loadWorkspace, type Workspace } from './config/load-workspace.ts';
import { resolveIntents } from './config/resolve-intents.ts';
import { sharedOf } from './connectors/connector-settings.ts';
import { createConnectors } from './connectors/create-connectors.ts';
import { createPeople, type People } from './people/people.ts';
import { type Erased, type EraseRequest, type EraseSelection, eraseTickets, previewErasure } from './pipeline/erase.ts';
import type { IntakeRequest } from './pipeline/intake.ts';
import type { IntakeResult } from './pipeline/intake-result.ts';
import { approveExample, approveFeedback } from './pipeline/learn/approve.ts';
import { importExamples, removeExamples } from './pipeline/learn/change-examples.ts';
import { correctTwins } from './pipeline/learn/correct-twins.ts';
import { type FeedbackRequest, type GivenFeedback, giveFeedback } from './pipeline/learn/give-feedback.ts';
import { hashCorrections } from './pipeline/learn/hash-corrections.ts';
import { findMove } from './pipeline/learn/hint-at-move.ts';
import { type FeedbackReference, type UndoFeedbackRequest, undoFeedback } from './pipeline/learn/undo-feedback.ts';
import { createPipeline } from './pipeline/pipeline.ts';
import { API_CONNECTOR, type PipelineContext } from './pipeline/pipeline-context.ts';
import type { AcceptWebhook } from './pipeline/receive/accept-webhook.ts';
import { isPolled } from './pipeline/receive/poll.ts';
import { createReview, type Review } from './pipeline/review/review.ts';
import { type RoutedTicket, type RoutingContext, routeTicket, tryRules } from './pipeline/route-ticket.ts';
import { startStoringWords } from './pipeline/store-words.ts';
import { type UndoneDelivery, undoDelivery } from './pipeline/undo-delivery.ts';
import { openQueue } from './queue/open-queue.ts';
import type { RuleTrial } from './routing/choose-rule.ts';
import type { Decision, Delivery } from './routing/decision.ts';
import { createPlainUrgency, warmUp } from './routing/plain-urgency.ts';
import { createEventFeed, type EventFeed } from './store/event-feed.ts';
import type { HeldFolder } from './store/hold-folder.ts';
import { openStore } from './store/open-store.ts';
import type {
  CorrectionStore,
  DeliveryStore,
  ExampleChanges,
  Store,
  StoredExample,
  TicketRecord,
} from './store/store.ts';
import type { Taxonomy } from './taxonomy/taxonomy.ts';
import { type Reading, readingOf } from './ticket/reading.ts';
import type { IncomingTicket, Ticket } from './ticket/ticket.ts';

export type { EngineChoice } from './app/build-engine.ts';
export type { Health } from './app/health.ts';

/** The core of `route --json`, `POST /v1/route` and `GET /v1/tickets/:id`. */
export type RouteResult = {
  readonly ticketId: string;
  readonly classification: Classification;
  readonly decision: Decision;
  readonly delivery: Delivery;
} & Reading;

export type TriedRules = { readonly result: RouteResult; readonly trials: readonly RuleTrial[] };

/** Decides single tickets and stores nothing. */
export type Decider = {
  readonly taxonomy: Taxonomy;
  readonly classifier: Classifier;
  readonly engine: EngineChoice;
  /** The examples that the engine was built with. */
  readonly examples: readonly Example[];
  /** Gives a ticket without an id a new one. Throws `ClassifierError` when no engine returns a classification. */
  route(ticket: IncomingTicket, signal?: AbortSignal): Promise<RouteResult>;
  /** Decides a ticket as `route` does, with each rule it was compared with, up to the one that it meets. */
  tryRules(ticket: IncomingTicket, signal?: AbortSignal): Promise<TriedRules>;
  /** The same, with what Claude would be sent. */
  tryTicket(ticket: IncomingTicket, signal?: AbortSignal): Promise<TicketTrial>;
  close(): Promise<void>;
};

/** A decider with a store, a queue and connectors: what `serve` and `work` run on. */
export type App = Decider & {
  /** What it runs with: the loaded configuration, with former ids of intents replaced by those of today. */
  readonly config: LoadedConfig;
  readonly store: Store;
  /** A sentence for people: which stored examples the engine could not learn, and what to do; null when it learned all. */
  readonly unusedExamples: string | null;
  /** Sentences for people: which models had no calibration when the app started, and what to do. */
  readonly uncalibrated: readonly string[];
  /** Whether corrections are learned at once or wait for a review. */
  readonly learning: LoadedConfig['settings']['learning']['feedback'];
  /** Users, and tokens of integrations. */
  readonly people: People;
  /** Names of intents, teams, rules and connectors, to check what a request names. */
  readonly names: KnownNames;
  /** Resolves once the ticket is committed and queued. Throws ConflictError, InputError, StoreUnavailableError. */
  intake(request: IntakeRequest): Promise<IntakeResult>;
  /** Stores what a helpdesk has sent, after checking its signature. Throws NotFoundError, SignatureError. */
  readonly acceptWebhook: AcceptWebhook;
  /**
   * Stores what a person says about a decision. The right team moves the ticket there; the right intent makes the ticket
   * an example. Throws NotFoundError, InputError.
   */
  feedback(request: FeedbackRequest): Promise<GivenFeedback>;
  /** Where the rules send what people said of a ticket that lies elsewhere by a decision; null for every other one. */
  findMove(record: TicketRecord): string | null;
  /**
   * Takes a feedback back, with its effects. Throws NotFoundError, ConflictError when it was undone before, and
   * ForbiddenError when it is by somebody else and the actor may undo only their own.
   */
  undoFeedback(request: UndoFeedbackRequest): Promise<void>;
  /** Lets a feedback that waits for a review take effect. Throws NotFoundError, ConflictError when none waits. */
  approveFeedback(request: FeedbackReference): Promise<void>;
  /** What waits for people, and what they say of it. */
  readonly review: Review;
  /** Stores labelled tickets as imported examples. The engine learns them soon after. Throws InputError. */
  importExamples(request: { examples: readonly Example[]; actor: Actor }): Promise<ExampleChanges>;
  /** Removes imports and corrections. The engine forgets them soon after. Throws NotFoundError, InputError. */
  removeExamples(request: { ids: readonly string[]; actor: Actor }): Promise<void>;
  /** Lets the engine learn an example that waits for a review. Throws NotFoundError, ConflictError when it does not wait. */
  approveExample(request: { id: string; actor: Actor }): Promise<void>;
  /**
   * Stores a calibration, which the engines of all processes use from now on. Throws InputError when it was fitted for
   * another taxonomy or changed by hand.
   */
  applyCalibration(request: { calibration: EngineCalibration; actor: Actor }): Promise<void>;
  /** The stored calibrations of this taxonomy, and whether each is in use. */
  listCalibrations(): Promise<readonly ListedCalibration[]>;
  /** Takes a calibration out of use in all processes, and removes its file. Throws NotFoundError when there is none. */
  dropCalibration(request: { engine: CalibratedEngine; actor: Actor }): Promise<void>;
  /**
   * Erases tickets from the store, with everything stored about them and the examples made of them. Processes that work
   * the queue remove them from their files soon after; `eraseTraces` does so now.
   */
  erase(request: EraseRequest): Promise<Erased>;
  /** Returns what `erase` would erase now, and erases nothing. */
  previewErasure(what: EraseSelection): Promise<Erased>;
  /** Starts to import older tickets of a helpdesk; workers read them. Throws NotFoundError, ConflictError. */
  importTickets(request: { connector: string; since: Date; actor: Actor }): Promise<void>;
  /** Ids of decisions that helpdesks have, newest first. */
  findDelivered: DeliveryStore['findDelivered'];
  /** Takes back what a decision wrote to its helpdesk. Throws NotFoundError, ConflictError, ConnectorError. */
  undoDelivery(request: { decisionId: string; actor: Actor }): Promise<UndoneDelivery>;
  /** Removes what was erased from every file of this process. Rewriting an embedded store holds up other statements. */
  eraseTraces(): Promise<void>;
  readonly events: EventFeed;
  /**
   * Resolves when the engine is trained and can decide. Rejects with ClassifierError or ConfigurationError when its start
   * failed.
   */
  readonly engineReady: Promise<void>;
  /**
   * Works the queue in this process, once the engine is ready, until the app closes or the returned function is called.
   * Rejects as `engineReady` does.
   */
  startWorker(): Promise<() => Promise<void>>;
  health(): Promise<Health>;
  /** How far the start of the engine is; null once it is ready. */
  engineStart(): StartProgress | null;
  /** What all calls to models share: the budget, the circuit breakers, the places. */
  readonly modelUse: ModelUse;
  /** Whether the models that this process calls are available, its calls by outcome, and the budget. */
  modelStatus(): Promise<ModelStatus>;
  /** Gives the server's address to other processes that want to open the same embedded store; nothing on PostgreSQL. */
  announceUrl(url: string): void;
  /** Takes less than 3 s. Jobs that were not finished are done again after the next start. */
  close(): Promise<void>;
};

/**
 * Loads taxonomy and examples and builds the engine. Throws ConfigurationError with every problem of the files,
 * ClassifierError when the engine cannot be started.
 */
export async function createDecider(options: {
  config: LoadedConfig;
  /** Loaded from the files of the configuration when left out. */
  workspace?: Workspace;
  /** What people have corrected, where there is a store; it decides before any engine. */
  corrections?: Pick<CorrectionStore, 'ofWords'> | null;
  onProgress?: OnProgress;
}): Promise<Decider> {
  const { onProgress, corrections = null } = options;
  const workspace = options.workspace ?? (await loadWorkspace(options.config));
  const { taxonomy, examples, turnedAway: outOfScope, ownExampleIds: quotable } = workspace;
  const config = withPresentIntents(options.config, taxonomy);
  const asked = await askedPrompts({ config, taxonomy });
  const calibrations = await readCalibrationFiles({
    dataDir: config.settings.dataDir,
    taxonomy: taxonomy.version,
    asked,
  });
  const { buildEngine } = await import('./app/build-engine.ts');
  const built = await buildEngine({
    ...{ config, taxonomy, examples, outOfScope, quotable, calibrations, onProgress },
  });
  const { urgencyPhrases } = workspace;
  const release = await buildRelease({ config, taxonomy, urgencyPhrases, calibrations });
  const routing = createRoutingContext({ config, workspace, release: () => release.id });
  return createDeciderParts({ config, routing, examples, built: withCorrections(built, corrections) });
}

/** Decides by what people have corrected before it asks the engine. */
function withCorrections(built: BuiltEngine, corrections: Pick<CorrectionStore, 'ofWords'> | null): BuiltEngine {
  return corrections === null
    ? built
    : { ...built, classifier: correctTwins({ classifier: built.classifier, corrections }) };
}

const onlyRouted = say('delivery.only-routed', 'nothing is stored or delivered when a ticket is only routed');

function createDeciderParts(options: {
  config: LoadedConfig;
  routing: RoutingContext;
  examples: readonly Example[];
  built: BuiltEngine;
}): Decider {
  const { config, routing, examples, built } = options;
  const { taxonomy } = routing;
  const { requests } = built;
  const classify = async (incoming: IncomingTicket, signal?: AbortSignal): Promise<RoutedTicket> => {
    const ticket = withId(incoming);
    const classification = await built.classifier.classify({ ticket, taxonomy, signal });
    return { ticket, connector: ticket.source?.connector ?? API_CONNECTOR, classification };
  };
  const resultOf = ({ ticket, classification }: RoutedTicket, decision: Decision): RouteResult => ({
    ticketId: ticket.id,
    classification,
    decision,
    delivery: { state: 'skipped', at: null, reason: onlyRouted.text, reasonFacts: onlyRouted.facts },
    ...readingOf(ticket),
  });
  const decider: Decider = {
    taxonomy,
    classifier: built.classifier,
    engine: built.engine,
    examples,
    async route(incoming, signal) {
      const routed = await classify(incoming, signal);
      return resultOf(routed, routeTicket(routing, routed));
    },
    async tryRules(incoming, signal) {
      const routed = await classify(incoming, signal);
      const { decision, trials } = tryRules(routing, routed);
      return { result: resultOf(routed, decision), trials };
    },
    tryTicket: (incoming, signal) =>
      tryTicket({ ...decider, requests, redaction: config.settings.redaction }, { ticket: withId(incoming), signal }),
    close: built.close,
  };
  return decider;
}

/** The same object where it has an id: what was read of a ticket, and what an engine said of it, is kept with its object. */
function withId(incoming: IncomingTicket): Ticket {
  return isTicket(incoming) ? incoming : { ...incoming, id: createId('t') };
}

const isTicket = (ticket: IncomingTicket): ticket is Ticket => ticket.id !== undefined;

/**
 * Opens everything that `serve` and `work` need. Throws ConfigurationError, StoreLockedError, StoreUnavailableError or
 * ClassifierError, after closing what it had opened.
 */
export async function createApp(options: {
  config: LoadedConfig;
  onProgress?: OnProgress;
  logger?: Logger;
  /**
   * False for `serve --no-worker`, which accepts and shows tickets while other processes decide them: `route` and
   * `startWorker` then throw NoEngineError.
   */
  hasEngine?: boolean;
  /** True: the app is returned while its engine is still training. Default: false, after it is ready. */
  startsEngineLater?: boolean;
  /** The folder of the embedded store, where it is being opened already. The app closes it, unless it cannot be created. */
  held?: Promise<HeldFolder> | null;
  /** Loaded from the files of the configuration when left out. */
  workspace?: Workspace | null;
}): Promise<App> {
  const { onProgress, logger = silentLogger, hasEngine = true, startsEngineLater = false, held } = options;
  const workspace = options.workspace ?? (await loadWorkspace(options.config));
  const { taxonomy, urgencyPhrases } = workspace;
  const config = withPresentIntents(options.config, taxonomy);
  const { settings, secrets } = config;
  const connectors = await createConnectors({
    settings: settings.connectors,
    secrets: secrets.connectors,
    dataDir: settings.dataDir,
    file: config.file ?? 'the sample configuration',
  });
  await tightenDataFolder(settings.dataDir);
  await using opened = new AsyncDisposableStack();
  const store = await openStore({ databaseUrl: secrets.databaseUrl, dataDir: settings.dataDir, onProgress, held });
  opened.defer(() => store.close());
  for (const connector of connectors.values()) opened.defer(() => connector.close?.());
  const onError = (what: string) => createErrorLog({ logger, what });
  onProgress?.({ step: 'opening the queue', done: 0, total: null });
  const queue = await openQueue({
    connection: store.connection,
    connectors: [...connectors.keys()],
    onError: onError('the job queue had an error'),
  });
  opened.defer(() => queue.close());
  if (hasEngine) await store.transaction((transaction) => transaction.examples.syncFile(workspace.examples));
  if (hasEngine) await hashCorrections(store.corrections);
  const knownAt = new Date();
  const present = (example: StoredExample) => withPresentIntent(example, taxonomy);
  const stored = hasEngine ? (await store.examples.all()).flatMap((example) => present(example) ?? []) : [];
  const { unknownIntents } = splitCounts(await store.examples.countByIntent(), taxonomy);
  const unused = describeUnknownIntents(unknownIntents);
  if (unused !== null) logger.warn({ unknownIntents }, unused);
  const learned = stored.map(({ example }) => example);
  const examples = learned.filter((example): example is Example => example.intent !== null);
  const modelUse = await openModelUse({ config, store, logger, hasEngine });
  opened.defer(modelUse.close);
  const asked = await askedPrompts({ config, taxonomy });
  const calibrations = await openCalibrations({
    store,
    dataDir: settings.dataDir,
    taxonomy: taxonomy.version,
    asked,
    logger,
    onError: onError('changed calibrations could not be read: the ones from before stay in use'),
  });
  opened.defer(calibrations.close);
  const uncalibrated =
    hasEngine && typeof settings.classifier !== 'object'
      ? describeUncalibrated({
          asked,
          calibrations: { has: (engine) => calibrations.get(engine) !== null },
          setAside: [
            ...calibrations.setAside(),
            ...(await readCalibrationFiles({ dataDir: settings.dataDir, taxonomy: taxonomy.version, asked })).setAside,
          ],
        }).map((one) => sentenceOf(one).text)
      : [];
  for (const sentence of uncalibrated) logger.warn({}, sentence);
  const built: StartingEngine = hasEngine
    ? startEngine({
        engine: describeEngine(config),
        onProgress,
        async start(within) {
          // Here and in `startWorker`: a server that has no engine does not load what only engines and workers use.
          const { buildEngine } = await import('./app/build-engine.ts');
          const { createTeacher, isOwnExample } = await import('./app/teacher.ts');
          const engine = await buildEngine({
            config,
            taxonomy,
            examples,
            outOfScope: learned.filter(({ intent }) => intent === null),
            quotable: new Set(stored.filter(isOwnExample).map(({ example }) => example.id)),
            store,
            calibrations,
            modelUse,
            ...within,
            onError: onError('the embedder returned no vector: examples are found by their words'),
            onStatus: createEmbeddedLog({ logger }),
          });
          try {
            const { teach, forget } = engine;
            const onTeachError = onError('an example was not learned');
            const known = { store, known: stored, knownAt, present };
            return { built: engine, teacher: await createTeacher({ ...known, teach, forget, onError: onTeachError }) };
          } catch (error) {
            await engine.close();
            throw error;
          }
        },
      })
    : { ...createNoEngine(config), ready: Promise.resolve(), catchUp: async () => {} };
  opened.defer(built.close);
  if (!startsEngineLater) await built.ready;
  const decidesBy = withCorrections(built, hasEngine ? store.corrections : null);
  const events = await createEventFeed({ store, onError: onError('the event feed had an error') });
  opened.defer(() => events.close());
  const traces = createTraceEraser({
    store,
    connectors: [...connectors.values()],
    // On a shared database a server without an engine leaves these caches to the workers. The folder of an embedded store
    // has no other process.
    engine:
      hasEngine || store.kind === 'embedded'
        ? {
            async dropTraces() {
              await built.catchUp();
              await built.dropTraces();
            },
          }
        : null,
    dataDir: settings.dataDir,
  });

  const release = await followRelease({
    config,
    taxonomy,
    urgencyPhrases,
    calibrations,
    save: async (next) => (hasEngine ? store.releases.save(next) : undefined),
  });
  const routing = createRoutingContext({ config, workspace, release: () => release().id });
  const context: PipelineContext = {
    ...routing,
    store,
    queue,
    classifier: decidesBy.classifier,
    connectors: new Map(
      Object.entries(settings.connectors).flatMap(([name, entry]) => {
        const connector = connectors.get(name);
        return connector === undefined ? [] : [[name, { ...sharedOf(entry), connector }] as const];
      }),
    ),
    learning: settings.learning,
    redaction: settings.redaction,
    logger,
  };
  const pipeline = createPipeline(context);
  const pauses = new Map(
    [...context.connectors].flatMap(([name, configured]) =>
      isPolled(configured) ? [[name, configured.poll] as const] : [],
    ),
  );
  await store.cursors.connect({
    connectors: [...context.connectors.keys()],
    now: context.now(),
    isAlone: store.kind === 'embedded',
  });
  let stopWorker: (() => Promise<void>) | null = null;
  let stopWords: (() => Promise<void>) | null = null;
  let isClosing = false;
  opened.defer(async () => {
    isClosing = true;
    await Promise.all([stopWorker?.(), stopWords?.()]);
  });
  // Closed in the reverse order of opening: worker, events, engine, queue, connectors, store.
  const resources = opened.move();

  return {
    ...createDeciderParts({ config, routing, examples, built: decidesBy }),
    config,
    store,
    unusedExamples: unused,
    uncalibrated,
    learning: settings.learning.feedback,
    people: createPeople({ store, now: context.now }),
    names: listKnownNames({ settings, taxonomy }),
    intake: pipeline.intake,
    acceptWebhook: pipeline.acceptWebhook,
    feedback: (request) => giveFeedback(context, request),
    findMove: (record) => findMove(context, record),
    undoFeedback: (request) => undoFeedback(context, request),
    approveFeedback: (request) => approveFeedback(context, request),
    review: createReview(context),
    importExamples: (request) => importExamples(context, request),
    removeExamples: (request) => removeExamples(context, request),
    approveExample: (request) => approveExample(context, request),
    applyCalibration: (request) => applyCalibration({ store, taxonomy: taxonomy.version, asked }, request),
    listCalibrations: () => listCalibrations({ store, taxonomy: taxonomy.version, asked, target: settings.confidence }),
    async dropCalibration(request) {
      await dropCalibration({ store, taxonomy: taxonomy.version }, request);
      await removeCalibrationFile({ dataDir: settings.dataDir, engine: request.engine });
    },
    erase: (request) => eraseTickets(context, request),
    previewErasure: (what) => previewErasure(context, what),
    importTickets: (request) => pipeline.import.start(request),
    findDelivered: store.deliveries.findDelivered,
    undoDelivery: (request) => undoDelivery(context, request),
    eraseTraces: () => traces.run({ compacts: true }),
    events,
    engineReady: built.ready,
    async startWorker() {
      if (!hasEngine) throw new NoEngineError();
      // Tickets are found by their words while the engine is still training.
      if (stopWords === null && !isClosing) stopWords = await startStoringWords(context, pipeline.pace);
      await Promise.all([built.ready, warmUp(routing.routing.plainUrgency)]);
      const { embeddedWorkerSettings, remoteWorkerSettings, startWorker } = await import('./worker/start-worker.ts');
      const { startErasing } = await import('./app/start-erasing.ts');
      if (stopWorker === null && !isClosing) {
        const workerSettings = built.engine.kind === 'local' ? embeddedWorkerSettings : remoteWorkerSettings;
        const stop = await startWorker({
          queue,
          pipeline,
          polled: [...pauses.keys()],
          store,
          settings: workerSettings,
          logger,
        });
        const stopHearing =
          store.kind === 'embedded' ? async () => {} : await store.onSlowArrivals(pipeline.hearOfSlowArrivals);
        const stopErasing = startErasing({
          context,
          traces,
          events,
          retentionMs: settings.retention ?? null,
          isQuiet: async () => (await store.tickets.countWaiting()) + (await queue.countActive()) === 0,
        });
        stopWorker = async () => {
          stopWorker = null;
          await Promise.all([stop(), stopErasing(), stopHearing()]);
        };
      }
      return async () => stopWorker?.();
    },
    engineStart: () => built.degradations().find(({ starting }) => starting !== undefined)?.starting ?? null,
    health: createHealthCheck({
      store,
      queue,
      engine: built.engine,
      taxonomy,
      isWorking: () => stopWorker !== null,
      readHelpdesks: () => readHelpdeskHealth({ cursors: store.cursors, polled: pauses, now: context.now }),
      refused: pipeline.refused,
      degradations: () => [...built.degradations(), ...modelUse.watch.degradations()],
    }),
    modelUse,
    modelStatus: modelUse.watch.status,
    announceUrl: store.announceUrl,
    close: () => resources.disposeAsync(),
  };
}

/** Replaces former ids of intents in rules and modes by those of today. */
function withPresentIntents(config: LoadedConfig, taxonomy: Taxonomy): LoadedConfig {
  return { ...config, settings: resolveIntents(config.settings, taxonomy) };
}

function createRoutingContext(options: {
  config: LoadedConfig;
  workspace: Pick<Workspace, 'taxonomy' | 'urgencyPhrases' | 'calendars'>;
  release: () => string | null;
}): RoutingContext {
  const { config, workspace, release } = options;
  const { taxonomy, urgencyPhrases, calendars } = workspace;
  const { triageTeam, teams, routing, slas, connectors } = config.settings;
  return {
    taxonomy,
    routing: { triageTeam, teams, routing, slas, calendars, plainUrgency: createPlainUrgency(urgencyPhrases) },
    connectors: new Map(Object.entries(connectors)),
    release,
    now: systemClock,
    createId,
  };
}
