import { join } from 'node:path';
import type { Command } from 'commander';
import { count } from '../../base/plural.ts';
import type { LoadedConfig } from '../../config/config-schema.ts';
import { SwitchboardError } from '../../errors.ts';
import type { Finding } from '../doctor/finding.ts';
import { type CliIo, createProgress, writeJson, writeText } from '../io.ts';
import { addConfigOption, addDataOption, type ConfigOption, loadCommandConfig } from '../load-command-config.ts';

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
  const findings = await examine(io, options).finally(progress.finish);
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

async function examine(io: CliIo, options: DoctorOptions): Promise<Finding[]> {
  const [
    { checkNode },
    { checkWorkspace },
    { checkLanguages },
    { checkEngine, checkEmbedder, checkClaudeAnswers },
    { checkCalibration },
    { checkPrivacy },
    { checkConnectors },
    { checkStore },
    { checkPorts },
  ] = await Promise.all([
    import('../doctor/check-node.ts'),
    import('../doctor/check-workspace.ts'),
    import('../doctor/check-examples.ts'),
    import('../doctor/check-engine.ts'),
    import('../doctor/check-calibration.ts'),
    import('../doctor/check-privacy.ts'),
    import('../doctor/check-connectors.ts'),
    import('../doctor/check-store.ts'),
    import('../doctor/check-ports.ts'),
  ]);
  const node = checkNode(process.version);
  let config: LoadedConfig;
  try {
    config = await loadCommandConfig(io, { ...options, quiet: true });
  } catch (error) {
    if (!(error instanceof SwitchboardError)) throw error;
    return [node, { check: 'config', status: 'failed', detail: error.message }];
  }
  const source: Finding = config.isSample
    ? { check: 'config', status: 'note', detail: 'no switchboard.yaml here: the sample company is used' }
    : { check: 'config', status: 'ok', detail: config.file ?? '' };
  return [
    node,
    source,
    await checkWorkspace(config),
    ...(await checkLanguages(config)),
    checkEngine(config),
    ...checkEmbedder(config),
    ...(await checkClaudeAnswers(config)),
    ...(await checkCalibration(config)),
    ...(await checkPrivacy({ dataDir: config.settings.dataDir, runsDir: join(io.cwd, 'runs') })),
    ...(await checkStore(config)),
    ...(await checkConnectors(config)),
    ...(await checkPorts(config)),
  ];
}

function formatFinding({ colors }: CliIo, { check, status, detail }: Finding): string {
  const mark = { ok: colors.green('✓'), note: colors.yellow('•'), failed: colors.red('✗') }[status];
  return `${mark} ${check.padEnd(15)} ${detail.replaceAll('\n', `\n${' '.repeat(18)}`)}\n`;
}
