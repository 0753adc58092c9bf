import { list } from '../../base/plural.ts';
import { differenceInterval } from '../metrics/difference-interval.ts';
import { pairedDifferenceInterval } from '../metrics/paired-difference-interval.ts';
import { wilsonInterval } from '../metrics/wilson-interval.ts';
import { percent, points } from '../score/format-figures.ts';
import { countCorrect, failedIds, type InScope, isInScope } from '../score/scored-ticket.ts';
import type { Criterion } from './criterion.ts';

/** With fewer tickets, a language is named but not held to the target. */
export const MIN_TICKETS_PER_LANGUAGE = 10;

export const multilingual: Criterion = {
  id: 'multilingual',
  title: 'Other languages',
  measures: 'largest drop in accuracy from the primary language',
  target: 0.05,
  better: 'lower',
  unit: 'points',
  measure({ main }) {
    const groups = byLanguage(main.filter(isInScope));
    const [primary, ...others] = [...groups].sort((a, b) => b[1].length - a[1].length);
    if (primary === undefined || others.length === 0) {
      const why =
        'The data set is in one language. Add tickets in the others that customers write in, best as translations ("variantOf", "variant": "translation").';
      return { measured: false, n: 0, why };
    }
    const rows = others.map(([language, tickets]) => dropOf({ language, tickets, primary: primary[1] }));
    const enough = rows.filter(({ n }) => n >= MIN_TICKETS_PER_LANGUAGE);
    const details = { primary: accuracyOf(primary), languages: rows };
    if (enough.length === 0) {
      const why = `No language besides ${primary[0]} has ${MIN_TICKETS_PER_LANGUAGE} tickets (${list(rows.map(({ language, n }) => `${language}: ${n}`))}).`;
      return { measured: false, n: 0, why, details };
    }
    const worst = enough.reduce((a, b) => (b.drop.value > a.drop.value ? b : a));
    const thin = rows.filter(({ n }) => n < MIN_TICKETS_PER_LANGUAGE).map(({ language }) => language);
    const parts = [
      `${primary[0]}: ${percent(details.primary.value)}; ${list(
        enough.map(({ language, value }) => `${language}: ${percent(value)}`),
        12,
      )}.`,
      `The largest drop is ${points(worst.drop.value)}, in ${worst.language}${worst.paired ? ' (translations of the same tickets)' : ''}.`,
      ...(thin.length === 0 ? [] : [`Too few tickets to judge: ${list(thin)}.`]),
    ];
    const failing = enough.filter(({ drop }) => drop.value > this.target).map(({ language }) => language);
    return {
      measured: true,
      ...worst.drop,
      n: enough.reduce((sum, { n }) => sum + n, 0),
      why: parts.join(' '),
      failed: failing.flatMap((language) => failedIds(groups.get(language) ?? [])),
      details,
    };
  },
};

export function byLanguage(tickets: readonly InScope[]): Map<string, InScope[]> {
  const groups = new Map<string, InScope[]>();
  for (const scored of tickets) {
    const language = (scored.ticket.language ?? scored.classification.language ?? 'unknown')
      .split('-')[0]!
      .toLowerCase();
    const group = groups.get(language);
    if (group === undefined) groups.set(language, [scored]);
    else group.push(scored);
  }
  return groups;
}

function accuracyOf([language, tickets]: readonly [string, readonly InScope[]]) {
  return {
    language,
    n: tickets.length,
    ...wilsonInterval({ successes: countCorrect(tickets), count: tickets.length })!,
  };
}

/** Compares translations with their originals when the language has enough of them, otherwise different tickets. */
function dropOf(options: { language: string; tickets: readonly InScope[]; primary: readonly InScope[] }) {
  const originals = new Map(options.primary.map((scored) => [scored.ticket.id, scored]));
  const pairs = options.tickets.flatMap((scored) => {
    const original = originals.get(scored.ticket.variantOf ?? '');
    return original === undefined ? [] : [{ first: original.correct, second: scored.correct }];
  });
  const paired = pairs.length >= MIN_TICKETS_PER_LANGUAGE;
  const drop = paired
    ? pairedDifferenceInterval({ pairs })!
    : differenceInterval({
        first: { successes: countCorrect(options.primary), count: options.primary.length },
        second: { successes: countCorrect(options.tickets), count: options.tickets.length },
      })!;
  return { ...accuracyOf([options.language, options.tickets]), paired, pairs: pairs.length, drop };
}
