import type { Command } from 'commander';
import { ConfigurationError, formatProblem } from '../../errors.ts';
import { type CliIo, writeJson } from '../io.ts';
import { addConfigOption, type ConfigOption, loadCommandConfig } from '../load-command-config.ts';

type CheckOptions = ConfigOption & { json?: boolean };

export function registerConfig(program: Command, io: CliIo): void {
  const group = program.command('config').description('look at the configuration');
  const command = group
    .command('check')
    .description('name every problem of configuration, taxonomy and examples at once')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  $ switchboard config check --config switchboard.yaml')
    .action((options: CheckOptions) => runConfigCheck(io, options));
  addConfigOption(command);
}

async function runConfigCheck(io: CliIo, options: CheckOptions): Promise<void> {
  try {
    const config = await loadCommandConfig(io, options);
    const { loadWorkspace } = await import('../../config/load-workspace.ts');
    const { taxonomy, examples } = await loadWorkspace(config);
    const { teams, routing } = config.settings;
    const counts = {
      intents: taxonomy.leaves.length,
      examples: examples.length,
      teams: teams.length,
      rules: routing.length,
    };
    if (options.json) writeJson(io, { ok: true, file: config.file, ...counts, problems: [] });
    else {
      const list = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
      io.stdout.write(`${config.file ?? 'The sample company'} is fine: ${list.join(', ')}.\n`);
    }
  } catch (error) {
    if (!(error instanceof ConfigurationError) || !options.json) throw error;
    // With --json the problems are the result; the exit code still says that there are some.
    const problems = error.problems.map((problem) => ({ ...problem, text: formatProblem(problem) }));
    writeJson(io, { ok: false, problems });
    throw error;
  }
}
