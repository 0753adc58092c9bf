import { readFile } from 'node:fs/promises';
import { parseLocatedYaml } from '../base/located-yaml.ts';
import { problemsFromIssues } from '../base/schema-problems.ts';
import { ConfigurationError, type Problem } from '../errors.ts';
import { type UrgencyPhrases, urgencyPhrasesSchema } from '../routing/urgency-phrases.ts';
import { checkUrgencyPhrases } from './check-urgency-phrases.ts';

/** Reads the file that `urgency.phrases` names. Throws `ConfigurationError` that lists every problem of it. */
export async function loadUrgencyPhrases(file: string): Promise<UrgencyPhrases> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const message = `the file of urgency phrases ${isMissing ? 'does not exist' : 'cannot be read'}`;
    throw new ConfigurationError([
      { file, line: null, message, cure: 'Check `urgency: { phrases: … }` in the configuration.' },
    ]);
  }
  const located = parseLocatedYaml({ text, file });
  if (located.problems.length > 0) throw new ConfigurationError(located.problems);
  // An empty file has no phrases.
  const result = urgencyPhrasesSchema.safeParse(located.value ?? {});
  const problems = [
    ...(result.success
      ? []
      : problemsFromIssues({ issues: result.error.issues, located, schema: urgencyPhrasesSchema })),
    ...checkUrgencyPhrases(located, []),
  ];
  if (problems.length > 0 || !result.success) throw new ConfigurationError(problems.toSorted(byLine));
  return result.data;
}

function byLine(a: Problem, b: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0);
}
