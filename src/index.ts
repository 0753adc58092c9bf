// The public API: decides as `switchboard route` does, inside a program of your own. Tickets are not stored.
import { buildClassifier } from './app/build-classifier.ts';
import { openStored } from './app/open-stored.ts';
import { createDecider, type EngineChoice, type RouteResult } from './app.ts';
import type { Classification } from './classifiers/classifier.ts';
import { type ConfigInput, type ConfigOverrides, loadConfig } from './config/load-config.ts';
import { processEnvironment } from './config/process-environment.ts';
import type { Evaluation } from './evaluation/evaluate.ts';
import { evaluateConfig, type LibraryEvaluateOptions } from './evaluation/evaluate-config.ts';
import type { Taxonomy } from './taxonomy/taxonomy.ts';
import { parseIncomingTicket } from './ticket/parse-ticket.ts';
import type { IncomingTicket } from './ticket/ticket.ts';

export type SwitchboardOptions = {
  /**
   * Path of a `switchboard.yaml`, or its content as an object. When left out: `switchboard.yaml` in the working folder,
   * or the sample company if there is none.
   */
  readonly config?: string | ConfigInput;
  /** Settings that replace those of the file and the environment. */
  readonly overrides?: ConfigOverrides;
  /**
   * Also use the imports and corrections in the store, as the server does; a correction counts from the moment it is
   * stored. The store is that of `DATABASE_URL`, which is brought up to date if it has to be, or the one in the data folder,
   * which no server may have open meanwhile. Default: false, no store is opened.
   */
  readonly stored?: boolean;
};

export type Switchboard = {
  readonly taxonomy: Taxonomy;
  /** Which engine decides, and why that one. */
  readonly engine: EngineChoice;
  /** Finds what the customer wants. Throws InputError for an invalid ticket, ClassifierError when no engine works. */
  classify(ticket: IncomingTicket, signal?: AbortSignal): Promise<Classification>;
  /** Finds what the customer wants and decides the team, with the reason. Throws the errors of `classify`. */
  route(ticket: IncomingTicket, signal?: AbortSignal): Promise<RouteResult>;
  /**
   * Scores the engine on labelled tickets, as `switchboard evaluate` does, and keeps the run in `runs/`. `result` is null
   * when the run was stopped before its end. Throws ConfigurationError for a data set that is wrong.
   */
  evaluate(options?: LibraryEvaluateOptions): Promise<Evaluation>;
  /** Ends the engine's threads and connections. */
  close(): Promise<void>;
};

/**
 * Loads the configuration, the taxonomy and the examples, and builds the engine.
 *
 * @example
 * const switchboard = await createSwitchboard({ config: 'switchboard.yaml' });
 * const { classification, decision } = await switchboard.route({ body: 'I was charged twice' });
 * await switchboard.close();
 *
 * Throws ConfigurationError with every problem of these files, ClassifierError when the engine cannot be started; with
 * `stored` also StoreLockedError and StoreUnavailableError.
 */
export async function createSwitchboard(options: SwitchboardOptions = {}): Promise<Switchboard> {
  const { config, overrides, stored = false } = options;
  const source = typeof config === 'string' ? { file: config } : { value: config };
  const loaded = await loadConfig({ cwd: process.cwd(), env: processEnvironment(), ...source, overrides });
  const learned = stored ? await openStored(loaded) : null;
  const decider = await createDecider({ config: loaded, onProgress: () => {}, ...learned }).catch(async (error) => {
    await learned?.close();
    throw error;
  });
  const { taxonomy, engine, route } = decider;
  return {
    taxonomy,
    engine,
    classify: async (value, signal) => (await route(parseIncomingTicket(value), signal)).classification,
    route: async (value, signal) => route(parseIncomingTicket(value), signal),
    evaluate: (options = {}) => evaluateConfig({ runsDir: 'runs', ...options, config: loaded, buildClassifier }),
    async close() {
      await decider.close();
      await learned?.close();
    },
  };
}

/** `Engine` is the name of `EngineChoice` in 0.1.0. */
export type { EngineChoice, EngineChoice as Engine, RouteResult } from './app.ts';
export type { Classification, Classifier, ClassifyRequest } from './classifiers/classifier.ts';
export type { ConfigInput, ConfigOverrides } from './config/load-config.ts';
export * from './errors.ts';
export { createPromptfooProvider } from './evaluation/export/promptfoo.ts';
export { writeReport } from './evaluation/report/write-report.ts';
export type { CriterionResult, EvaluationResult } from './evaluation/score/evaluation-result.ts';
export type { Decision, Delivery } from './routing/decision.ts';
export type { IntentNode, Taxonomy } from './taxonomy/taxonomy.ts';
export type { IncomingTicket, LabelledTicket, Ticket } from './ticket/ticket.ts';
export type { Evaluation, LibraryEvaluateOptions };
