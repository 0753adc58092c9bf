import { isSameName } from '../../base/same-name.ts';
import type { Connector, ConnectorFinding } from '../connector.ts';
import type { ConnectorContext } from '../definition.ts';
import type { ZendeskClient } from './client.ts';
import type { ZendeskSecrets, ZendeskSettings } from './definition.ts';
import { builtInStatuses, type Directory, fieldUses } from './directory.ts';
import { isAllowedType, typesFor } from './field-values.ts';
import {
  brandsReplySchema,
  groupsReplySchema,
  meReplySchema,
  organizationFieldsReplySchema,
  statusesReplySchema,
  userFieldsReplySchema,
  type ZendeskGroup,
} from './schemas.ts';

type Context = {
  readonly client: ZendeskClient;
  readonly directory: Directory;
  readonly connector: Pick<ConnectorContext<ZendeskSettings, ZendeskSecrets>, 'settings' | 'shared' | 'secrets'>;
  readonly now: () => number;
};

/** Looks at everything that the configuration names in Zendesk. */
export function createCheck(context: Context): NonNullable<Connector['check']> {
  return async ({ groups, signal }) => [
    ...(await checkAccount(context, signal)),
    ...(await checkGroups(context, groups, signal)),
    ...(await checkIntake(context, signal)),
    ...(await checkFields(context, signal)),
    ...(await checkCustomerFields(context, signal)),
  ];
}

const ok = (detail: string): ConnectorFinding => ({ status: 'ok', detail });
const note = (detail: string): ConnectorFinding => ({ status: 'note', detail });
const failed = (detail: string): ConnectorFinding => ({ status: 'failed', detail });

async function checkAccount({ client, connector, now }: Context, signal: AbortSignal): Promise<ConnectorFinding[]> {
  const { settings, shared, secrets } = connector;
  const { body, serverMs } = await client.get({ path: 'users/me', schema: meReplySchema, signal });
  const { id, role } = body.user;
  if (id == null || role === 'end-user') {
    return [failed(`${settings.email} is no agent of this account. Check \`email\`, and the TOKEN of the connector`)];
  }
  const skewMs = Math.abs(serverMs - now());
  const isSkewed = secrets.WEBHOOK_SECRET !== null && skewMs > settings.signatureTolerance / 2;
  return [
    role === 'admin'
      ? ok(`signed in as ${settings.email}, an administrator`)
      : shared.poll === null
        ? note(`signed in as ${settings.email}, who is no administrator: enough for webhooks, not for polls`)
        : failed(
            `${settings.email} is no administrator, and only administrators may export tickets. Give it the role, or set \`poll: off\``,
          ),
    ...(isSkewed
      ? [failed(`Zendesk's clock differs from ours by ${Math.round(skewMs / 1_000)} s: signatures will be refused`)]
      : []),
    ...(secrets.WEBHOOK_SECRET === null
      ? [note('no WEBHOOK_SECRET: tickets come by polls alone, a minute or more after they change')]
      : []),
  ];
}

export async function readGroups(client: ZendeskClient, path: 'groups' | 'groups/assignable', signal: AbortSignal) {
  const pages = await client.list({ path, schema: groupsReplySchema, signal });
  return pages.flatMap((page) => page.groups).filter((group) => group.deleted !== true);
}

async function checkGroups(
  { client, connector }: Context,
  named: readonly string[],
  signal: AbortSignal,
): Promise<ConnectorFinding[]> {
  const all = [...new Set([...named, ...connector.shared.groups])];
  if (all.length === 0) return [note('no team has a group here (`teams[].owners`), so nothing can be assigned')];
  const assignable = await readGroups(client, 'groups/assignable', signal);
  const missing = all.filter((name) => !hasGroup(assignable, name));
  const others = missing.length === 0 ? [] : await readGroups(client, 'groups', signal);
  return [
    ...(missing.length === all.length ? [] : [ok(`${all.length - missing.length} of ${all.length} groups found`)]),
    ...missing.map((name) =>
      hasGroup(others, name)
        ? note(`tickets cannot be assigned to the group ${name}`)
        : failed(`there is no group ${name}. Take the id from its address in the Admin Center`),
    ),
  ];
}

const hasGroup = (groups: readonly ZendeskGroup[], named: string) =>
  groups.some(({ id, name }) => String(id) === named || isSameName(name, named));

async function checkIntake({ client, connector }: Context, signal: AbortSignal): Promise<ConnectorFinding[]> {
  const { brands, statuses } = connector.shared;
  const has = (names: readonly string[], found: readonly { id: number; name: string }[], what: string) =>
    names
      .filter((name) => !found.some(({ id, name: own }) => String(id) === name || isSameName(own, name)))
      .map((name) => failed(`there is no ${what} ${name}`));
  const brandPages =
    brands.length === 0 ? [] : await client.list({ path: 'brands', schema: brandsReplySchema, signal });
  const custom = statuses.filter((name) => !builtInStatuses.has(name.toLowerCase()));
  const found =
    custom.length === 0
      ? []
      : (await client.get({ path: 'custom_statuses', schema: statusesReplySchema, signal })).body.custom_statuses;
  return [
    ...has(
      brands,
      brandPages.flatMap((page) => page.brands),
      'brand',
    ),
    ...has(
      custom,
      found.map(({ id, agent_label }) => ({ id, name: agent_label })),
      'status',
    ),
  ];
}

async function checkFields({ directory, connector }: Context, signal: AbortSignal): Promise<ConnectorFinding[]> {
  const findings: ConnectorFinding[] = [];
  for (const use of fieldUses) {
    const named = connector.shared.customFields[use];
    if (named === undefined) continue;
    const field = await directory.fieldFor(use, signal);
    if (field === undefined || !field.active) {
      findings.push(failed(`customFields.${use}: there is no active ticket field "${named}"`));
    } else if (!isAllowedType(use, field)) {
      findings.push(
        failed(
          `customFields.${use}: the field "${field.title}" is of type ${field.type}, and not ${typesFor(use).join(' or ')}`,
        ),
      );
    } else if (field.type === 'tagger') {
      const options = field.custom_field_options?.length ?? 0;
      findings.push(
        ok(`customFields.${use}: a dropdown with ${options} options; a value without an option is left out`),
      );
    } else findings.push(ok(`customFields.${use}: the field "${field.title}"`));
  }
  return findings;
}

async function checkCustomerFields({ client, directory, connector }: Context, signal: AbortSignal) {
  const { tier, attributes } = connector.settings;
  const paths = [...(tier === undefined ? [] : [['tier', tier] as const]), ...attributePaths(attributes)];
  const uses = (source: string) => paths.some(([, path]) => path.startsWith(`${source}.`));
  const keys = new Set<string>();
  if (uses('user_fields')) {
    const pages = await client.list({ path: 'user_fields', schema: userFieldsReplySchema, signal });
    for (const { key } of pages.flatMap((page) => page.user_fields)) keys.add(`user_fields.${key}`);
  }
  if (uses('organization_fields')) {
    const pages = await client.list({ path: 'organization_fields', schema: organizationFieldsReplySchema, signal });
    for (const { key } of pages.flatMap((page) => page.organization_fields)) keys.add(`organization_fields.${key}`);
  }
  if (uses('ticket_fields')) {
    for (const { id } of await directory.fields(signal)) keys.add(`ticket_fields.${id}`);
  }
  return paths
    .filter(([, path]) => !keys.has(path))
    .map(([where, path]) => failed(`${where}: there is no field ${path}`));
}

const attributePaths = (attributes: ZendeskSettings['attributes']) =>
  Object.entries(attributes).map(([name, path]) => [`attributes.${name}`, path] as const);
