import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { examineConfig } from '../../config/examine-config.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { ConnectorFinding } from '../../connectors/connector.ts';
import { secretVariable } from '../../connectors/definition.ts';
import { checkConnector } from '../../doctor/check-connectors.ts';
import { UsageError } from '../../errors.ts';
import { type ChosenTaxonomy, chooseTaxonomy } from './choose-taxonomy.ts';
import { chooseIntake, chooseTeams } from './choose-teams.ts';
import { composeConfig } from './compose-config.ts';
import { type Connected, connectHelpdesk, DEFAULT_DATA_DIR, type InitContext } from './connect-helpdesk.ts';
import { groupWordOf } from './group-word.ts';
import { listOf } from './list-of.ts';
import type { TeamPlan } from './plan-teams.ts';
import { makeWebhook, planWebhook, type WebhookResult } from './plan-webhook.ts';
import { type Variables, withVariables } from './secret-lines.ts';
import { findExisting, type PlannedFile, readIfThere, withIgnored, writeFiles } from './write-files.ts';

const CONFIG_FILE = 'switchboard.yaml';
const ENVIRONMENT_FILE = '.env.switchboard';
const IGNORE_FILE = '.gitignore';

export type InitResult = {
  readonly dir: string;
  /** Names of the files that were written. */
  readonly files: readonly string[];
  readonly connector: { readonly name: string; readonly type: string; readonly title: string; readonly mode: 'shadow' };
  readonly teams: TeamPlan['teams'];
  readonly findings: readonly ConnectorFinding[];
  readonly webhook: WebhookResult | null;
  /** Variables that have yet to be set; none when they are in `environmentFile`. */
  readonly environment: Variables;
  readonly environmentFile: string | null;
};

/** Checks the text of a configuration; throws ConfigurationError. */
export type Examine = (request: {
  readonly dir: string;
  readonly text: string;
  readonly chosen: ChosenTaxonomy;
  readonly variables: Variables;
}) => Promise<void>;

/** Asks everything, then writes everything. Before that, nothing is changed anywhere. */
export async function runInit(
  context: InitContext,
  { examine = examineComposed }: { readonly examine?: Examine } = {},
): Promise<InitResult> {
  const { asker, dir } = context;
  const agreed = new Set<string>();
  await agreeToReplace(context, { names: [CONFIG_FILE], agreed });
  const connected = await connectHelpdesk(context);
  try {
    const { definition, name, settings, connector } = connected;
    const word = groupWordOf(definition);
    const groups = await listOf(context, { what: word.many, list: connector.listGroups?.bind(connector) });
    const intake = await chooseIntake(context, { definition, groups });
    const chosen = await chooseTaxonomy(context, connected);
    const plan = await chooseTeams(context, { tree: chosen.tree, groups, intake, word });
    const findings = await checkGroups(context, { connected, plan, intake });
    const webhook = await planWebhook(context, connected);
    const secrets = webhook?.secrets ?? connected.secrets;
    const isToFile = Object.keys(secrets).length > 0 && (await choosesFile(context));

    const { taxonomy, examples } = chosen;
    const server = webhook?.server ?? null;
    const text = composeConfig({ ...plan, definition, name, settings, groups: intake, taxonomy, examples, server });
    await examine({ dir, text, chosen, variables: variablesOf(name, secrets) });
    const files = [...chosen.files, { name: CONFIG_FILE, text }];
    const names = [...files.map((file) => file.name), ...(isToFile ? [ENVIRONMENT_FILE] : [])];
    await agreeToReplace(context, { names, agreed });
    if (!(await asker.confirm({ name: 'write', message: `Write ${names.join(', ')} to ${dir}?`, initial: true }))) {
      throw new UsageError('Stopped: nothing was written.');
    }

    const made = webhook === null ? null : await makeWebhook(context, { connected, plan: webhook });
    const variables = variablesOf(name, made?.secrets ?? secrets);
    const written = [...files, ...(isToFile ? environmentFiles(dir, variables) : [])];
    writeFiles(dir, written);
    const isSet = ([variable, value]: readonly [string, string]) => context.env[variable] === value;
    return {
      dir,
      files: written.map((file) => file.name),
      connector: { name, type: definition.type, title: definition.about.title, mode: 'shadow' },
      teams: plan.teams,
      findings,
      webhook: made?.result ?? null,
      environment: isToFile ? {} : Object.fromEntries(Object.entries(variables).filter((entry) => !isSet(entry))),
      environmentFile: isToFile ? ENVIRONMENT_FILE : null,
    };
  } finally {
    await connected.connector.close?.();
  }
}

/** Asks before files are replaced, once for each; throws UsageError without a yes. */
async function agreeToReplace(
  { asker, dir }: InitContext,
  { names, agreed }: { names: readonly string[]; agreed: Set<string> },
): Promise<void> {
  const existing = findExisting(
    dir,
    names.map((name) => ({ name })),
  ).filter((name) => !agreed.has(name));
  if (existing.length === 0) return;
  const list = existing.join(' and ');
  const isMany = existing.length > 1;
  const message = `${list} ${isMany ? 'exist' : 'exists'} in ${dir}. Replace ${isMany ? 'them' : 'it'}?`;
  if (!(await asker.confirm({ name: 'overwrite', message, initial: false }))) {
    throw new UsageError(
      `${list} ${isMany ? 'exist' : 'exists'} in ${dir}, and nothing was written. Choose another folder with --dir, or say that ${isMany ? 'they are' : 'it is'} to be replaced (\`overwrite: true\` in the answers).`,
    );
  }
  for (const name of existing) agreed.add(name);
}

/** Checks rights in the chosen groups, which are worth a look and no reason to stop. */
async function checkGroups(
  { asker }: InitContext,
  options: { connected: Connected; plan: TeamPlan; intake: readonly string[] },
): Promise<readonly ConnectorFinding[]> {
  const { connected, plan, intake } = options;
  const groups = [...new Set([...plan.teams.flatMap(({ group }) => group ?? []), ...intake])];
  const findings =
    groups.length === 0
      ? connected.findings
      : ((await checkConnector({ connector: connected.connector, groups })) ?? []);
  const doubts = findings.filter(({ status }) => status !== 'ok');
  if (doubts.length > 0) asker.say(`Worth a look:\n${doubts.map(({ detail }) => `- ${detail}`).join('\n')}`);
  return findings;
}

async function choosesFile({ asker }: InitContext): Promise<boolean> {
  const choice = await asker.choose({
    name: 'secretsTo',
    message: 'The secrets are read from the environment. Where shall they go?',
    choices: [
      { value: 'print', label: 'print the lines for the shell at the end, and write them to no file' },
      { value: 'file', label: `write ${ENVIRONMENT_FILE}, which only you can read and git ignores` },
    ],
    initial: 'print',
  });
  return choice === 'file';
}

function environmentFiles(dir: string, variables: Variables): PlannedFile[] {
  const ignored = withIgnored(readIfThere(dir, IGNORE_FILE), [ENVIRONMENT_FILE, `${DEFAULT_DATA_DIR}/`]);
  const text = withVariables(readIfThere(dir, ENVIRONMENT_FILE), variables);
  return [
    { name: ENVIRONMENT_FILE, text, isPrivate: true },
    ...(ignored === null ? [] : [{ name: IGNORE_FILE, text: ignored }]),
  ];
}

function variablesOf(connector: string, secrets: Variables): Variables {
  return Object.fromEntries(
    Object.entries(secrets).map(([secret, value]) => [secretVariable({ connector, secret }), value]),
  );
}

/** Checks what was composed as `config check` would, with the new files in a folder of their own. */
const examineComposed: Examine = async ({ dir, text, chosen, variables }) => {
  const drafts = await mkdtemp(join(tmpdir(), 'switchboard-init-'));
  try {
    writeFiles(drafts, chosen.files);
    const isNew = (path: string) => chosen.files.some(({ name }) => name === path);
    const place = (path: string) => (isNew(path) ? join(drafts, path) : resolve(dir, path));
    const config = await loadConfig({
      cwd: dir,
      value: {
        ...parse(text),
        taxonomy: place(chosen.taxonomy),
        ...(chosen.examples !== null && { examples: [place(chosen.examples)] }),
      },
      env: variables,
    });
    await examineConfig(config);
  } finally {
    await rm(drafts, { recursive: true, force: true });
  }
};
