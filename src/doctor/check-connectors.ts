import { raceSignal, startDeadline } from '../base/deadline.ts';
import { say } from '../base/say.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import type { Connector, ConnectorFinding } from '../connectors/connector.ts';
import type { ConnectorSettings } from '../connectors/connector-settings.ts';
import { createConnectors, findEntryProblems } from '../connectors/create-connectors.ts';
import type { ConnectorDefinition } from '../connectors/definition.ts';
import { connectorDefinitions } from '../connectors/registry.ts';
import { SwitchboardError } from '../errors.ts';
import { type Finding, finding } from './finding.ts';

/** A helpdesk that does not reply in this time would hold up its deliveries as well. */
const TIMEOUT_MS = 20_000;

/** Lets each configured connector check its helpdesk: address, key, rights and groups. All at once, because each waits. */
export async function checkConnectors(
  { settings, secrets }: Pick<LoadedConfig, 'settings' | 'secrets'>,
  options: { readonly definitions?: readonly ConnectorDefinition[]; readonly timeoutMs?: number } = {},
): Promise<Finding[]> {
  const { definitions = connectorDefinitions, timeoutMs = TIMEOUT_MS } = options;
  const checks = Object.entries(settings.connectors).map(async ([name, entry]) => {
    const check = `connector ${name}`;
    const parts = { settings: { [name]: entry }, secrets: secrets.connectors, file: 'connectors', definitions };
    // Without its secrets, or with other faults, a connector cannot be built.
    const problems = findEntryProblems(parts);
    if (problems.length > 0) {
      return problems.map(({ message, cure }): Finding => ({ check, status: 'failed', detail: `${message}. ${cure}` }));
    }
    const about = definitions.find(({ type }) => type === entry.type)?.about.title ?? entry.type;
    const groups = groupsOf({ name, entry, teams: settings.teams });
    const connectors = await createConnectors({ ...parts, dataDir: settings.dataDir });
    const connector = connectors.get(name);
    try {
      const findings = connector === undefined ? [] : await checkConnector({ connector, groups, timeoutMs });
      const { mode } = entry;
      const what = say('doctor.connector', `${about}, mode ${mode}`, { about, mode });
      return findings?.map((found): Finding => ({ check, ...found })) ?? [finding(check, 'ok', what)];
    } finally {
      await connector?.close?.();
    }
  });
  return (await Promise.all(checks)).flat();
}

/** What a connector finds out about its helpdesk; null when it has nothing to check. */
export async function checkConnector(options: {
  connector: Connector;
  groups: readonly string[];
  timeoutMs?: number;
}): Promise<readonly ConnectorFinding[] | null> {
  const { connector, groups, timeoutMs = TIMEOUT_MS } = options;
  if (connector.check === undefined) return null;
  using deadline = startDeadline({ timeoutMs });
  const { signal } = deadline;
  try {
    return await raceSignal({ work: connector.check({ groups, signal }), signal });
  } catch (error) {
    if (error instanceof SwitchboardError) return [{ status: 'failed', detail: error.message }];
    if (!deadline.passed()) throw error;
    return [{ status: 'failed', detail: `not checked: the helpdesk did not reply within ${timeoutMs / 1_000} s` }];
  }
}

/** The groups that decisions are written to, and those that tickets are read from. */
function groupsOf(options: {
  name: string;
  entry: ConnectorSettings;
  teams: LoadedConfig['settings']['teams'];
}): string[] {
  const { name, entry, teams } = options;
  const owners = teams.flatMap(({ owners }) => (Object.hasOwn(owners, name) ? [owners[name] ?? ''] : []));
  return [...new Set([...owners, ...entry.groups, ...entry.queues])];
}
