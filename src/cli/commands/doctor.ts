import type { Command } from 'commander';
import { count } from '../../base/plural.ts';
import type { LoadedConfig } from '../../config/config-schema.ts';
import type { Finding } from '../../doctor/finding.ts';
import { SwitchboardError } from '../../errors.ts';
import { type CliIo, createProgress, writeJson, writeText } from '../io.ts';
import { addConfigOption, addDataOption, type ConfigOption, loadCommandConfig } from '../load-command-config.ts';
import { runsFolder } from '../runs-folder.ts';

type DoctorOptions = ConfigOption & { json?: boolean };

export function registerDoctor(program: Command, io: CliIo): void {
  const command = program
    .command('doctor')
    .description(
      'check Node, the configuration, the engine, the store, the server and the helpdesks, and say what to fix',
    )
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      '\nIt changes nothing. The exit code is 1 when something must be fixed.\n\nExample:\n  $ switchboard doctor',
    )
    .action((options: DoctorOptions) => runDoctor(io, options));
  addConfigOption(addDataOption(command));
}

async function runDoctor(io: CliIo, options: DoctorOptions): Promise<void> {
  const progress = createProgress(io);
  progress({ step: 'checking', done: 0, total: null });
  const findings = await examineHere(io, options).finally(progress.finish);
  const failed = findings.filter(({ status }) => status === 'failed');
  if (options.json) writeJson(io, { ok: failed.length === 0, findings });
  else writeText(io, findings.map((finding) => formatFinding(io, finding)).join(''));
  if (failed.length > 0) {
    const problems = `${count(failed.length, 'problem')} must be fixed`;
    throw new SwitchboardError({
      code: 'internal',
      message: `${problems}: ${failed.map(({ check }) => check).join(', ')}.`,
    });
  }
}

async function examineHere(io: CliIo, options: DoctorOptions): Promise<Finding[]> {
  let config: LoadedConfig;
  try {
    config = await loadCommandConfig(io, { ...options, quiet: true });
  } catch (error) {
    if (!(error instanceof SwitchboardError)) throw error;
    const { checkNode } = await import('../../doctor/check-node.ts');
    return [checkNode(process), { check: 'config', status: 'failed', detail: error.message }];
  }
  const [{ examine }, { checkClaudeAnswers, openUseOfCommand }, { checkStore }, { checkPorts }, { findCalibrations }] =
    await Promise.all([
      import('../../doctor/examine.ts'),
      import('../../doctor/check-engine.ts'),
      import('../../doctor/check-store.ts'),
      import('../../doctor/check-ports.ts'),
      import('../stored/stored-calibrations.ts'),
    ]);
  return examine(config, {
    runsDir: runsFolder(io, { flags: {}, config }),
    claude: () => checkClaudeAnswers(config, () => openUseOfCommand(config)),
    calibrations: findCalibrations,
    store: () => checkStore(config),
    ports: () => checkPorts(config),
  });
}

function formatFinding({ colors }: CliIo, { check, status, detail }: Finding): string {
  const mark = { ok: colors.green('✓'), note: colors.yellow('•'), failed: colors.red('✗') }[status];
  return `${mark} ${check.padEnd(15)} ${detail.replaceAll('\n', `\n${' '.repeat(18)}`)}\n`;
}
