import { dirname } from 'node:path';
import { makePrivateFolder, writePrivateFile } from '../../base/private-files.ts';
import type { Evaluation } from '../evaluate.ts';
import type { EvaluationResult } from '../score/evaluation-result.ts';
import { titleOf } from '../score/format-summary.ts';

/** How many failed tickets one test case lists. */
const MAX_FAILED_SHOWN = 50;

/**
 * Writes the criteria as JUnit XML for a build server, one test case each. A missed criterion is a failure. One that
 * was not measured is a failure if it is required, otherwise skipped.
 */
export function renderJunit(result: Pick<EvaluationResult, 'run' | 'criteria'>): string {
  const cases = result.criteria.map(({ id, status, required, why, failed }) => {
    const open = `  <testcase classname="switchboard.evaluate" name="${escapeXml(`${id}: ${titleOf(id)}`)}">`;
    const tickets = failed.slice(0, MAX_FAILED_SHOWN).join(', ');
    const text = escapeXml(failed.length === 0 ? why : `${why}\nFailed tickets: ${tickets}`);
    if (status === 'passed') return `${open}\n    <system-out>${text}</system-out>\n  </testcase>`;
    if (!required)
      return `${open}\n    <skipped message="${escapeXml(`${status}, not required: ${why}`)}"/>\n  </testcase>`;
    return `${open}\n    <failure type="${status}" message="${escapeXml(why)}">${text}</failure>\n  </testcase>`;
  });
  const failures = result.criteria.filter(({ status, required }) => status !== 'passed' && required).length;
  const skipped = result.criteria.filter(({ status, required }) => status !== 'passed' && !required).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites>`,
    `<testsuite name="switchboard evaluate ${escapeXml(result.run)}" tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}">`,
    ...cases,
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

export async function writeJunit({ file, evaluation }: { file: string; evaluation: Evaluation }): Promise<void> {
  if (evaluation.result === null) throw new TypeError('a report needs a complete run');
  await makePrivateFolder(dirname(file));
  await writePrivateFile(file, renderJunit(evaluation.result));
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that XML 1.0 forbids, even as a reference: https://www.w3.org/TR/xml/#NT-Char. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function escapeXml(text: string): string {
  return text
    .replace(FORBIDDEN, '\ufffd')
    .replace(/[&<>"]/g, (c) => escapes[c] ?? c)
    .replace(/[\t\n\r]/g, (c) => `&#${c.charCodeAt(0)};`); // unescaped, they would become spaces in an attribute
}
