import { type Command, Option } from 'commander';
import { type Role, roles } from '../../base/role.ts';
import { type CliIo, writeJson, writeNote, writeText } from '../io.ts';
import { addConfigOption, addDataOption, type ConfigOption, loadCommandConfig } from '../load-command-config.ts';
import { printableLine } from '../printable.ts';
import { changePeople } from '../stored/stored-people.ts';
import { ROLES_HELP } from './user.ts';

type Flags = ConfigOption & { json?: boolean };
type AddFlags = Flags & { role: Role };

/** Makes, lists and removes the tokens of integrations. */
export function registerToken(program: Command, io: CliIo): void {
  const group = program.command('token').description('manage the tokens of integrations, each with a name and a role');

  const add = group
    .command('add')
    .argument('<name>', 'names the integration; the history shows it')
    .description('make a token, and print its secret, which is shown only now')
    .addOption(new Option('--role <role>', 'what the integration may do').choices(roles).makeOptionMandatory())
    .addHelpText(
      'after',
      `
The integration sends it as "Authorization: Bearer …". Only a hash of it is stored. ${ROLES_HELP}
While a server has the embedded store open, the command works through that server, with SWITCHBOARD_TOKEN.

Example:
  $ switchboard token add contact-form --role agent`,
    )
    .action((name: string, flags: AddFlags) => addToken(io, name, flags));

  const list = group
    .command('list')
    .description('show the tokens, their roles, and when they were last used')
    .addHelpText('after', '\nExample:\n  $ switchboard token list')
    .action((flags: Flags) => listTokens(io, flags));

  const remove = group
    .command('remove')
    .argument('<name>', 'name of the token')
    .description('remove a token: requests with it are refused from then on')
    .addHelpText('after', '\nExample:\n  $ switchboard token remove contact-form')
    .action((name: string, flags: Flags) => removeToken(io, name, flags));

  for (const command of [add, list, remove]) {
    addConfigOption(addDataOption(command)).option('--json', 'print the result as JSON');
  }
}

async function addToken(io: CliIo, name: string, { role, ...flags }: AddFlags): Promise<void> {
  const config = await loadCommandConfig(io, flags);
  const { token, secret } = await changePeople({ io, config }, (people) => people.addToken({ name, role }));
  if (flags.json) {
    writeJson(io, { token, secret });
    return;
  }
  writeNote(io, `The token ${token.name} has the role ${token.role}. It cannot be shown again.`);
  writeText(io, `${secret}\n`);
}

async function listTokens(io: CliIo, flags: Flags): Promise<void> {
  const config = await loadCommandConfig(io, flags);
  const tokens = await changePeople({ io, config }, (people) => people.tokens());
  if (flags.json) writeJson(io, { items: tokens });
  else if (tokens.length === 0)
    writeNote(io, 'There are no tokens yet. Make one with: switchboard token add NAME --role ROLE');
  else {
    const lines = tokens.map(({ name, role, by, createdAt, lastUsedAt }) => {
      const used = lastUsedAt === null ? 'never used' : `last used ${lastUsedAt.slice(0, 16).replace('T', ' ')}`;
      return `${role.padEnd(6)}  ${name}, ${used}, made ${createdAt.slice(0, 10)} by ${printableLine(by.id)} (${by.kind})\n`;
    });
    writeText(io, lines.join(''));
  }
}

async function removeToken(io: CliIo, name: string, flags: Flags): Promise<void> {
  const config = await loadCommandConfig(io, flags);
  await changePeople({ io, config }, (people) => people.removeToken(name));
  if (flags.json) writeJson(io, { removed: name });
  else writeText(io, `The token ${printableLine(name)} is removed.\n`);
}
