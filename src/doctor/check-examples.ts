import { z } from 'zod';
import { describeUnknownIntents, splitCounts, type UnknownIntents } from '../app/stored-examples.ts';
import { say } from '../base/say.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import { loadWorkspace } from '../config/load-workspace.ts';
import { comparesEnglishOnly, warnOfLanguages } from '../config/warn-of-languages.ts';
import { ConfigurationError, formatProblem } from '../errors.ts';
import type { FoundStore } from '../store/look-into-store.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { type Ticket, ticketSchema } from '../ticket/ticket.ts';
import { type Finding, finding } from './finding.ts';

/** Finds stored examples of intents that the taxonomy does not have; nothing when every example is used. */
export async function checkExamples({ query }: FoundStore, taxonomy: Taxonomy): Promise<Finding[]> {
  // The table of an older version has no column `state` before it is migrated: all its examples are active.
  const rows = countsSchema.parse(
    await query(`select intent, count(*)::int as count from switchboard.examples e
      where coalesce(to_jsonb(e)->>'state', 'active') = 'active' group by intent`),
  );
  const counts = new Map(rows.map(({ intent, count }) => [intent, count]));
  return describeExamples(splitCounts(counts, taxonomy).unknownIntents);
}
const countsSchema = z.array(z.object({ intent: z.string(), count: z.number() }));

/** A note about examples that are not used, from their numbers by intent. */
export function describeExamples(unknownIntents: UnknownIntents): Finding[] {
  const detail = describeUnknownIntents(unknownIntents);
  if (detail === null) return [];
  const counts = Object.values(unknownIntents);
  const values = { count: counts.reduce((sum, number) => sum + number, 0), intents: Object.keys(unknownIntents) };
  return [finding('examples', 'note', say('doctor.unknown-intents', detail, values))];
}

/** A note where many examples of the company's files are in languages that the embedder does not read. */
export async function checkLanguages(config: LoadedConfig): Promise<Finding[]> {
  if (!comparesEnglishOnly(config)) return [];
  try {
    const { examples } = await loadWorkspace(config);
    return languageNotes(config, examples, 'the examples');
  } catch (error) {
    if (error instanceof ConfigurationError) return []; // a finding of `checkWorkspace`
    throw error;
  }
}

/** The same for what was imported and corrected; examples of files are in the store too, and counted there. */
export async function checkStoredLanguages({ query }: FoundStore, config: LoadedConfig): Promise<Finding[]> {
  if (!comparesEnglishOnly(config)) return [];
  const rows = storedSchema.parse(
    await query(`select example from switchboard.examples e
      where coalesce(to_jsonb(e)->>'state', 'active') = 'active' and source <> 'file' order by md5(id) limit ${READ}`),
  );
  const examples = rows.map(({ example }) => example);
  return languageNotes(config, examples, 'the imported and corrected examples');
}
const READ = 1_000;
const storedSchema = z.array(z.object({ example: ticketSchema }));

function languageNotes(config: LoadedConfig, examples: readonly Ticket[], which: string): Finding[] {
  return warnOfLanguages(config, examples, which).map((problem) => ({
    check: 'examples',
    status: 'note',
    detail: formatProblem(problem),
  }));
}
