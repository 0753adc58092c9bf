import { Argument, type Command, Option } from 'commander';
import { type Role, roles } from '../../base/role.ts';
import type { User } from '../../people/people.ts';
import { type CliIo, writeJson, writeNote, writeText } from '../io.ts';
import { addConfigOption, addDataOption, type ConfigOption, loadCommandConfig } from '../load-command-config.ts';
import { printableLine } from '../printable.ts';
import { changePeople, type Invited } from '../stored/stored-people.ts';

type Flags = ConfigOption & { json?: boolean };
type LinkFlags = Flags & { url?: string };
type AddFlags = LinkFlags & { name?: string; role: Role };

export const ROLES_HELP = `Roles: viewer reads everything. agent also posts tickets, gives feedback and reviews. lead also approves feedback,
changes examples and takes back what others did. admin also manages users and tokens, erases and imports tickets.`;

/** Adds, lists, invites, changes and removes named users. */
export function registerUser(program: Command, io: CliIo): void {
  const group = program.command('user').description('manage the people who sign in with a name of their own');
  const urlOption = () =>
    new Option(
      '--url <address>',
      'where people open Switchboard, for the printed link, for example https://desk.acme.example',
    );

  const add = group
    .command('add')
    .argument('<id>', 'what the user types to sign in: a short name or an email address')
    .description('add a user, and print the link with which the user chooses a password')
    .option('--name <name>', 'a display name')
    .addOption(new Option('--role <role>', 'what the user may do').choices(roles).default('agent'))
    .addOption(urlOption())
    .addHelpText(
      'after',
      `
The link works once, for a week. ${ROLES_HELP}
While a server has the embedded store open, the command works through that server, with SWITCHBOARD_TOKEN.

Example:
  $ switchboard user add ana --name "Ana Weiß" --role lead --url https://desk.acme.example`,
    )
    .action((id: string, flags: AddFlags) => addUser(io, id, flags));

  const list = group
    .command('list')
    .description('show the users, their roles, and when they were last here')
    .addHelpText('after', '\nExample:\n  $ switchboard user list')
    .action((flags: Flags) => listUsers(io, flags));

  const invite = group
    .command('invite')
    .argument('<id>', 'id of the user')
    .description('print a new link, for one that was lost or for a forgotten password')
    .addOption(urlOption())
    .addHelpText(
      'after',
      '\nThe link before it ends. The old password works until a new one is chosen.\n\nExample:\n  $ switchboard user invite ana',
    )
    .action((id: string, flags: LinkFlags) => inviteUser(io, id, flags));

  const role = group
    .command('role')
    .argument('<id>', 'id of the user')
    .addArgument(new Argument('<role>', 'what the user may do from now on').choices(roles))
    .description('change what a user may do')
    .addHelpText('after', `\n${ROLES_HELP}\n\nExample:\n  $ switchboard user role ana admin`)
    .action((id: string, chosen: Role, flags: Flags) => changeRole(io, { id, role: chosen, flags }));

  const remove = group
    .command('remove')
    .argument('<id>', 'id of the user')
    .description('remove a user, and end the sessions of the user')
    .addHelpText('after', '\nWhat the user has done stays in the history.\n\nExample:\n  $ switchboard user remove ana')
    .action((id: string, flags: Flags) => removeUser(io, id, flags));

  for (const command of [add, list, invite, role, remove]) {
    addConfigOption(addDataOption(command)).option('--json', 'print the result as JSON');
  }
}

async function addUser(io: CliIo, id: string, { name, role, ...flags }: AddFlags): Promise<void> {
  const config = await loadCommandConfig(io, flags);
  await changePeople({ io, config }, async (people) => {
    const invited = await people.addUser({ id, role, ...(name !== undefined && { name }) });
    printInvitation(io, { invited, url: people.url, flags });
  });
}

async function inviteUser(io: CliIo, id: string, flags: LinkFlags): Promise<void> {
  const config = await loadCommandConfig(io, flags);
  await changePeople({ io, config }, async (people) => {
    printInvitation(io, { invited: await people.invite(id), url: people.url, flags });
  });
}

/** The link alone is on stdout, so that it can be piped; what to know about it is on stderr. */
function printInvitation(io: CliIo, options: { invited: Invited; url: string; flags: LinkFlags }): void {
  const { invited, url, flags } = options;
  const { user, path, expiresAt } = invited;
  const link = `${(flags.url ?? url).replace(/\/+$/, '')}${path}`;
  if (flags.json) {
    writeJson(io, { user, link, expiresAt });
    return;
  }
  writeNote(
    io,
    `${user.id} is invited as ${user.role}. Send this link to ${user.name} alone: it works once, until ${expiresAt.slice(0, 16).replace('T', ' ')} UTC, and cannot be shown again.`,
  );
  writeText(io, `${link}\n`);
}

async function listUsers(io: CliIo, flags: Flags): Promise<void> {
  const config = await loadCommandConfig(io, flags);
  const users = await changePeople({ io, config }, (people) => people.users());
  if (flags.json) writeJson(io, { items: users });
  else if (users.length === 0) writeNote(io, 'There are no users yet. Add one with: switchboard user add ID');
  else writeText(io, users.map(formatUser).join(''));
}

function formatUser({ id, name, role, state, lastSeenAt }: User): string {
  const shown = name === id ? id : `${id} (${printableLine(name)})`;
  const seen = state === 'invited' ? 'invited' : `last here ${lastSeenAt?.slice(0, 16).replace('T', ' ') ?? 'never'}`;
  return `${role.padEnd(6)}  ${shown}, ${seen}\n`;
}

async function changeRole(io: CliIo, { id, role, flags }: { id: string; role: Role; flags: Flags }): Promise<void> {
  const config = await loadCommandConfig(io, flags);
  const user = await changePeople({ io, config }, (people) => people.changeRole(id, role));
  if (flags.json) writeJson(io, user);
  else writeText(io, `${user.id} is ${user.role} from now on.\n`);
}

async function removeUser(io: CliIo, id: string, flags: Flags): Promise<void> {
  const config = await loadCommandConfig(io, flags);
  await changePeople({ io, config }, (people) => people.removeUser(id));
  if (flags.json) writeJson(io, { removed: id });
  else writeText(io, `${printableLine(id)} is removed and signed out.\n`);
}
