import { dirname } from 'node:path';
import type { Command } from 'commander';
import { count } from '../../base/plural.ts';
import { ConfigurationError, formatProblem, type Problem } from '../../errors.ts';
import { type CliIo, writeJson, writeText } from '../io.ts';
import { addConfigOption, type ConfigOption, loadCommandConfig } from '../load-command-config.ts';

type CheckOptions = ConfigOption & { json?: boolean };

export function registerConfig(program: Command, io: CliIo): void {
  const group = program.command('config').description('check the configuration');
  const command = group
    .command('check')
    .description('list every problem of the configuration, the taxonomy, the examples and the data sets')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  $ switchboard config check --config switchboard.yaml')
    .action((options: CheckOptions) => runConfigCheck(io, options));
  addConfigOption(command);
}

async function runConfigCheck(io: CliIo, options: CheckOptions): Promise<void> {
  try {
    const config = await loadCommandConfig(io, options);
    const [{ examineConfig }, { describeConfig }, { warnOfCalibrations }] = await Promise.all([
      import('../../config/examine-config.ts'),
      import('../../config/describe-config.ts'),
      import('../../config/warn-of-calibrations.ts'),
    ]);
    const examined = await examineConfig(config);
    const { taxonomy, examples, teams, rules, urgencyPhrases, ...described } = describeConfig({ config, ...examined });
    const { taxonomy: tree } = examined.workspace;
    const uncalibrated = await warnOfCalibrations({ config, taxonomy: tree }, async (asked) => {
      const { lookForStored } = await import('../stored/stored-calibrations.ts');
      return lookForStored({ config, taxonomy: tree.version, asked });
    });
    const warnings = [...described.warnings, ...uncalibrated];
    const phrases = urgencyPhrases.count;
    const counts = {
      ...{ intents: taxonomy.leaves, examples: examples.count, teams, rules },
      ...(phrases > 0 && { phrases }),
    };
    if (options.json) {
      writeJson(io, { ok: true, file: config.file, ...counts, problems: [], warnings: warnings.map(withText) });
      return;
    }
    const list = Object.entries(counts).map(([name, n]) => count(n, name.slice(0, -1)));
    const what =
      config.file ?? `There is no switchboard.yaml in ${io.cwd}. The sample company (${dirname(taxonomy.file)})`;
    writeText(io, `${what} can be used: ${list.join(', ')}.\n`);
    if (warnings.length === 0) return;
    writeText(io, `\nWorth a look:\n${warnings.map((warning) => `  ${formatProblem(warning)}\n`).join('')}`);
  } catch (error) {
    if (!(error instanceof ConfigurationError) || !options.json) throw error;
    // With --json the problems are the result, so they go to stdout; the error still sets the exit code.
    writeJson(io, { ok: false, problems: error.problems.map(withText), warnings: [] });
    throw error;
  }
}

const withText = (problem: Problem) => ({ ...problem, text: formatProblem(problem) });
