import { findCards } from './find-cards.ts';
import { findCredentials } from './find-credentials.ts';
import { findEmails } from './find-emails.ts';
import { findIbans } from './find-ibans.ts';
import type { PlacedSlice } from './find-in-slices.ts';
import { findIpAddresses } from './find-ip-addresses.ts';
import { findNames } from './find-names.ts';
import { findPersonalIds } from './find-personal-ids.ts';
import { findPhones } from './find-phones.ts';
import type { Finder, FinderContext, Finding } from './finding.ts';
import { identifierKinds } from './finding.ts';
import { cover, rangesOf, TAKEN } from './folded-text.ts';
import { keepReferences } from './keep-references.ts';
import { readNumberMeanings, type TableCell } from './number-meanings.ts';

// The order matters, because text that is found is not searched again: an address may contain digits and names, and a
// card number parts that look like a phone number.
const findersBeforeDates: readonly Finder[] = [
  findCredentials,
  findEmails,
  findPersonalIds,
  findIbans,
  findIpAddresses,
  findCards,
];
const findersAfterDates: readonly Finder[] = [findPhones, findNames];

const foldedPlaceholder = new RegExp(`\\[(?:${identifierKinds.join('|').toLowerCase()})_\\d{1,6}\\]`, 'g');

/** Finds identifiers of all kinds in a slice of a text. `cells` are those of tables in the whole text. */
export function findIdentifiers(
  slice: PlacedSlice,
  context: FinderContext,
  cells: readonly TableCell[],
): readonly Finding[] {
  const found: Finding[] = [];
  const meanings = readNumberMeanings(slice.view, cellsIn(slice, cells));
  // Placeholders in text that was redacted before are left as they are.
  let view = cover(slice.view, rangesOf(slice.view, foldedPlaceholder), TAKEN);
  const run = (finders: readonly Finder[]) => {
    for (const finder of finders) {
      const findings = finder({ view, cased: slice.cased, meanings }, context).filter(
        (finding) => !isTaken(view, finding),
      );
      view = cover(view, findings, TAKEN);
      for (const finding of findings) found.push(finding);
    }
  };
  run(findersBeforeDates);
  view = keepReferences(view);
  run(findersAfterDates);
  return found;
}

function isTaken(view: string, { start, end }: Finding): boolean {
  for (let at = start; at < end; at++) if (view[at] !== TAKEN) return false;
  return true;
}

/** The cells in a slice, at their positions in it. */
function cellsIn({ start, view }: PlacedSlice, cells: readonly TableCell[]): TableCell[] {
  return cells
    .filter((cell) => cell.end > start && cell.start < start + view.length)
    .map((cell) => ({ ...cell, start: cell.start - start, end: cell.end - start }));
}
