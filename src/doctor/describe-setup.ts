import type { Health } from '../app/health.ts';
import type { Saying } from '../base/say.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import type { EngineChoice } from '../config/describe-engine.ts';
import type { ConnectorSettings } from '../connectors/connector-settings.ts';
import { connectorDefinitions } from '../connectors/registry.ts';
import type { Mode } from '../routing/decision.ts';
import { describeSteps, type Measured, type SetupStep } from './describe-steps.ts';

/** `unread`: it is not asked for changes, or was not yet. */
export type ConnectorState = 'working' | 'catching-up' | 'failing' | 'unread';

export type DescribedConnector = {
  readonly name: string;
  readonly type: string;
  /** The helpdesk, such as `Zendesk`. */
  readonly title: string;
  readonly mode: Mode;
  readonly modes: Readonly<Record<string, Mode>>;
  /** Seconds; null where it is not asked for changes. */
  readonly poll: number | null;
  readonly state: ConnectorState;
  readonly polledAt: string | null;
  /** What is wrong with it; null when nothing is known to be. */
  readonly why: string | null;
  readonly whyFacts?: Saying['facts'];
  readonly refused: Refused | null;
};

/** Webhooks that were not accepted. */
type Refused = Omit<Health['refusedWebhooks'][number], 'connector'>;

/** What a running server consists of, without secrets. */
export type Setup = {
  readonly isSample: boolean;
  readonly company: string;
  readonly config: string | null;
  readonly engine: EngineChoice;
  readonly store: Pick<Health['store'], 'kind' | 'location'>;
  readonly learning: LoadedConfig['settings']['learning'];
  readonly redaction: boolean;
  readonly connectors: readonly DescribedConnector[];
  readonly refusedForNobody: Refused | null;
  readonly teams: readonly { readonly id: string; readonly name: string; readonly members: readonly string[] }[];
  readonly next: readonly SetupStep[];
};

export function describeSetup(options: {
  readonly config: LoadedConfig;
  /** Name of the taxonomy. */
  readonly company: string;
  readonly engine: EngineChoice;
  readonly health: Health;
  readonly hasTickets: boolean;
  readonly measured: Measured;
}): Setup {
  const { config, company, engine, health, hasTickets, measured } = options;
  const { learning, redaction, teams, triageTeam } = config.settings;
  const connectors = Object.entries(config.settings.connectors).map(([name, entry]) =>
    describeConnector(name, entry, health),
  );
  const members = teams.map((team) => ({
    id: team.id,
    name: team.name,
    members: team.members.map(({ id, name }) => name ?? id),
  }));
  const hasTriage = teams.some(({ id }) => id === triageTeam);
  return {
    isSample: config.isSample,
    company,
    config: config.file,
    engine,
    store: { kind: health.store.kind, location: health.store.location },
    learning,
    redaction,
    connectors,
    refusedForNobody: refusedFor(null, health),
    teams: hasTriage ? members : [...members, { id: triageTeam, name: triageTeam, members: [] }],
    next: describeSteps({ config, engine, connectors, examples: health.examples, hasTickets, measured }),
  };
}

function describeConnector(name: string, entry: ConnectorSettings, health: Health): DescribedConnector {
  const definition = connectorDefinitions.find(({ type }) => type === entry.type);
  const isPolled = entry.poll !== null && !definition?.unusedFields?.includes('poll');
  const read = health.helpdesks.find(({ connector }) => connector === name);
  const degraded = health.degraded.find(({ part }) => part === `connector ${name}`);
  const why = degraded?.why ?? null;
  return {
    name,
    type: entry.type,
    title: definition?.about.title ?? entry.type,
    mode: entry.mode,
    modes: entry.modes,
    poll: isPolled ? (entry.poll ?? 0) / 1_000 : null,
    state: stateOf({ isDegraded: why !== null, read }),
    polledAt: read?.polledAt ?? null,
    why,
    ...(degraded?.whyFacts && { whyFacts: degraded.whyFacts }),
    refused: refusedFor(name, health),
  };
}

function refusedFor(name: string | null, { refusedWebhooks }: Health): Refused | null {
  const found = refusedWebhooks.find(({ connector }) => connector === name);
  if (found === undefined) return null;
  const { connector: _, ...refused } = found;
  return refused;
}

function stateOf(options: { isDegraded: boolean; read: Health['helpdesks'][number] | undefined }): ConnectorState {
  const { isDegraded, read } = options;
  if (isDegraded) return 'failing';
  if (read === undefined || read.polledAt === null) return 'unread';
  return read.isCaughtUp ? 'working' : 'catching-up';
}
