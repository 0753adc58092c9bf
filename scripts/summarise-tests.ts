// Adds up Vitest's JSON reports and ends with one line: N passed, N failed, N skipped.
// A test that one report skipped (no server) and another ran counts once, by its result.
// With CI=true, a test that no report ran is a failure, because CI has every server.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

type Outcome = 'passed' | 'failed' | 'skipped';
const rank: Record<Outcome, number> = { skipped: 0, passed: 1, failed: 2 };

/**
 * Returns the outcome of each test by file and name over all reports, in the order in which they were made. A skipped
 * test that a later report of the same file no longer lists only named the missing server, so it is dropped.
 */
export function mergeReports(reports: readonly unknown[]): Map<string, Outcome> {
  const files = new Map<string, Map<string, Outcome>>();
  for (const report of reports) {
    for (const file of reportSchema.parse(report).testResults) {
      const tests = file.assertionResults.map(({ fullName, status }) => ({ name: fullName, status }));
      // A file that failed before its first test has no tests; it must still count as failed.
      if (file.status === 'failed' && tests.every(({ status }) => status !== 'failed')) {
        tests.push({ name: '(the file itself)', status: 'failed' });
      }
      const before = files.get(file.name) ?? new Map<string, Outcome>();
      const outcomes = new Map([...before].filter(([, outcome]) => outcome !== 'skipped'));
      for (const { name, status } of tests) {
        const outcome: Outcome = status === 'passed' || status === 'failed' ? status : 'skipped';
        const known = outcomes.get(name) ?? 'skipped';
        outcomes.set(name, rank[outcome] >= rank[known] ? outcome : known);
      }
      files.set(file.name, outcomes);
    }
  }
  return new Map(
    [...files].flatMap(([file, tests]) => [...tests].map(([name, outcome]) => [`${file} > ${name}`, outcome])),
  );
}

if (import.meta.main) {
  const outcomes = mergeReports(process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8'))));
  const named = (wanted: Outcome) => [...outcomes].filter(([, outcome]) => outcome === wanted).map(([name]) => name);
  const failed = named('failed');
  const skipped = named('skipped');
  for (const name of failed) console.log(`failed: ${name}`);
  for (const name of skipped) console.log(`skipped: ${name}`);
  if (failed.length > 0 || outcomes.size === 0 || (process.env.CI === 'true' && skipped.length > 0))
    process.exitCode = 1;
  console.log(`${named('passed').length} passed, ${failed.length} failed, ${skipped.length} skipped`);
}
