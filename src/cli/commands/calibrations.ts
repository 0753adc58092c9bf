import { Argument, type Command } from 'commander';
import { count } from '../../base/plural.ts';
import { type CalibratedEngine, calibratedEngines } from '../../classifiers/calibration/calibrations.ts';
import type { ConfidenceTarget } from '../../classifiers/calibration/confidence-target.ts';
import type { CalibrationFacts } from '../../classifiers/calibration/describe-calibration.ts';
import { percent } from '../../evaluation/score/format-figures.ts';
import { loadTaxonomy } from '../../taxonomy/parse-taxonomy.ts';
import { confirm } from '../confirm.ts';
import { describeThreshold } from '../describe-threshold.ts';
import { type CliIo, writeJson, writeNote, writeText } from '../io.ts';
import { addConfigOption, addDataOption, type ConfigOption, loadCommandConfig } from '../load-command-config.ts';
import { printableLine } from '../printable.ts';

type ListFlags = ConfigOption & { json?: boolean };
type DropFlags = ListFlags & { yes?: boolean };

export function registerCalibrations(program: Command, io: CliIo): void {
  const group = program
    .command('calibrations')
    .description('show and drop what "switchboard calibrate" has fitted, for the taxonomy in use');
  const list = group
    .command('list')
    .description('show the calibrations of the data folder and of the store, and whether each is in use')
    .option('--json', 'print them as JSON')
    .addHelpText(
      'after',
      `
route, evaluate and the library use those of the data folder; serve and work use those of the store. A calibration of a
model is set aside when the model or the prompt has changed since.

Example:
  $ switchboard calibrations list`,
    )
    .action((flags: ListFlags) => listCalibrations(io, flags));
  addConfigOption(addDataOption(list));
  const drop = group
    .command('drop')
    .description('take a calibration out of use, in the data folder and in all processes on the store')
    .addArgument(new Argument('<engine>', 'whose calibration').choices(calibratedEngines))
    .option('--yes', 'do not ask for confirmation')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  $ switchboard calibrations drop claude')
    .action((engine: CalibratedEngine, flags: DropFlags) => dropOne(io, engine, flags));
  addConfigOption(addDataOption(drop));
}

async function placeOf(io: CliIo, flags: ListFlags) {
  const config = await loadCommandConfig(io, flags);
  const { askedPrompts } = await import('../../config/asked-prompts.ts');
  const taxonomy = await loadTaxonomy(config.settings.taxonomy);
  return { config, taxonomy: taxonomy.version, asked: await askedPrompts({ config, taxonomy }) };
}

async function listCalibrations(io: CliIo, flags: ListFlags): Promise<void> {
  const place = await placeOf(io, flags);
  const { findCalibrations } = await import('../stored/stored-calibrations.ts');
  const { files, stored } = await findCalibrations(place);
  if (flags.json) {
    writeJson(io, { dataFolder: files, store: stored });
    return;
  }
  if (files.length + stored.length === 0) {
    writeNote(io, 'Nothing is calibrated for this taxonomy. Fit calibrations with: switchboard calibrate');
    return;
  }
  const { confidence: target } = place.config.settings;
  const sections: string[] = [];
  if (files.length > 0)
    sections.push(`In ${place.config.settings.dataDir}:\n${files.map((one) => format(one, { target })).join('')}`);
  if (stored.length > 0) {
    const lines = stored.map((one) =>
      format(one, {
        target,
        applied: `, applied ${one.appliedAt.slice(0, 10)} by ${printableLine(one.actor.id)} (${one.actor.kind})`,
      }),
    );
    sections.push(`In the store:\n${lines.join('')}`);
  }
  writeText(io, sections.join('\n'));
}

function format(
  one: CalibrationFacts,
  { target, applied = '' }: { target: ConfidenceTarget; applied?: string },
): string {
  const asked =
    one.model === null ? '' : `, ${printableLine(one.model)} with prompt ${printableLine(one.prompt ?? '?')}`;
  const use = one.setAside === null ? '' : `\n    set aside: ${one.setAside}`;
  return `  ${one.engine} ${one.version}: ${count(one.cases, 'ticket')}, ${percent(one.accuracy)} right, fitted ${one.fittedAt?.slice(0, 10) ?? 'at an unknown time'}${asked}${applied}\n    ${describeThreshold(one.answersFrom, target)}${use}\n`;
}

async function dropOne(io: CliIo, engine: CalibratedEngine, flags: DropFlags): Promise<void> {
  const place = await placeOf(io, flags);
  if (
    !flags.yes &&
    !(await confirm(io, {
      question: `Drop the calibration of ${engine}? Its confidence is not calibrated from then on.`,
      done: 'dropped',
    }))
  ) {
    writeNote(io, 'Nothing was dropped.');
    return;
  }
  const { dropCalibration } = await import('../stored/stored-calibrations.ts');
  await dropCalibration(place, engine);
  if (flags.json) writeJson(io, { dropped: engine });
  else writeText(io, `The calibration of ${engine} is dropped. Decisions go on without it.\n`);
}
