import { count } from '../base/plural.ts';
import { type Saying, say, sayingOf, verbatim } from '../base/say.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import type { EngineChoice } from '../config/describe-engine.ts';
import type { Mode } from '../routing/decision.ts';

/** The steps from a fresh installation to one that is live, in this order. */
export const setupSteps = [
  'configuration',
  'examples',
  'model',
  'helpdesk',
  'first-ticket',
  'evaluation',
  'go-live',
] as const;

export type SetupStep = {
  readonly id: (typeof setupSteps)[number];
  readonly done: boolean;
  readonly title: string;
  /** What is there, or what to do. */
  readonly detail: string;
  /** Of what is there; missing for what to do, which programs know by the id. */
  readonly detailFacts?: Saying['facts'];
  /** The evaluation that the step is about. */
  readonly run?: string;
};

/** What the latest evaluation that passed says, or else the latest one; null without a complete one. */
export type Measured = { readonly run: string; readonly passed: boolean } | null;

type Facts = {
  readonly config: LoadedConfig;
  readonly engine: EngineChoice;
  readonly connectors: readonly {
    readonly name: string;
    readonly type: string;
    readonly title: string;
    readonly mode: Mode;
    readonly modes: Readonly<Record<string, Mode>>;
  }[];
  /** Number of stored examples. */
  readonly examples: number;
  readonly hasTickets: boolean;
  readonly measured: Measured;
};

export function describeSteps(facts: Facts): SetupStep[] {
  const { config, engine, examples, hasTickets, measured } = facts;
  // The connector `file` is the answer to API calls: no helpdesk.
  const helpdesks = facts.connectors.filter(({ type }) => type !== 'file');
  const live = helpdesks.filter(({ mode, modes }) => [mode, ...Object.values(modes)].some((one) => one !== 'shadow'));
  const step = (
    id: SetupStep['id'],
    done: boolean,
    title: string,
    [isSo, todo]: readonly [Saying, string],
  ): SetupStep => ({
    ...{ id, done, title },
    ...(done ? { detail: isSo.text, detailFacts: isSo.facts } : { detail: todo }),
  });
  return [
    step('configuration', !config.isSample, 'Describe your company', [
      config.file === null
        ? say('setup.given', 'Read from the program that started the server.')
        : say('setup.read-from', `Read from ${config.file}.`, { file: config.file }),
      'This is the sample company. In a folder of your own, "switchboard init" asks for intents, teams and a helpdesk and writes switchboard.yaml.',
    ]),
    step('examples', examples > 0, 'Teach it with labelled tickets', [
      learnsFrom(examples, config.isSample),
      'Add tickets whose intent you know: in a file under "examples", or with "switchboard import examples". Ten for each intent are a beginning.',
    ]),
    step('model', engine.kind !== 'local', 'Let Claude read what the embedded engine is not sure of (optional)', [
      sayingOf(`${engine.why}.`, engine.whyFacts),
      'Set ANTHROPIC_API_KEY and start the server again. Tickets are redacted before they leave this machine; claude.dailyBudgetUsd limits the cost.',
    ]),
    step('helpdesk', helpdesks.length > 0, 'Connect your helpdesk', [
      verbatim(helpdesks.map(({ name, title }) => `${name}: ${title}`).join('; ')),
      'Add an entry to "connectors" (docs/connectors.md), or run "switchboard init". In the mode shadow it writes nothing to the helpdesk.',
    ]),
    step('first-ticket', hasTickets, 'Send a first ticket', [
      say('setup.has-tickets', 'Tickets have arrived.'),
      'Try one without storing it, or send one to POST /v1/tickets.',
    ]),
    evaluationStep(measured),
    step('go-live', live.length > 0, 'Let it write to the helpdesk', [
      say('setup.live', live.map(describeModes).join('; '), { connectors: live.map(({ name }) => name) }),
      'Set the mode of a connector to assist (an internal note) or auto (assign): first for single intents, under "modes".',
    ]),
  ];
}

/** Measuring is done when the engine was found good enough. */
function evaluationStep(measured: Measured): SetupStep {
  const step = { id: 'evaluation', title: 'Measure before going live' } as const;
  if (measured === null) {
    const detail =
      'Run "switchboard evaluate --dataset labelled.jsonl": it says by twelve criteria whether the engine is good enough.';
    return { ...step, done: false, detail };
  }
  const { run, passed } = measured;
  const { text, facts } = passed
    ? say('setup.good-enough', 'An evaluation has passed every required criterion.')
    : say(
        'setup.not-good-enough',
        'Measured: not yet good enough. The evaluation says which required criteria are missed or not measured.',
      );
  return { ...step, done: passed, detail: text, detailFacts: facts, run };
}

/** `desk: shadow, assist for billing`. */
function describeModes({ name, mode, modes }: Facts['connectors'][number]): string {
  const others = Object.entries(modes).map(([intent, other]) => `${other} for ${intent}`);
  return `${name}: ${[mode, ...others].join(', ')}`;
}

function learnsFrom(examples: number, isSample: boolean): Saying {
  const text = `The engine learns from ${count(examples, 'example')}`;
  const values = { count: examples };
  return isSample
    ? say('setup.learns-from-sample', `${text}; those of the sample company make way for yours.`, values)
    : say('setup.learns-from', `${text}.`, values);
}
