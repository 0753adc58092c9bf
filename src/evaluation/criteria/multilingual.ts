import { list } from '../../base/plural.ts';
import { type Saying, say, sayAll } from '../../base/say.ts';
import { differenceInterval } from '../metrics/difference-interval.ts';
import { pairedDifferenceInterval } from '../metrics/paired-difference-interval.ts';
import { type Interval, wilsonInterval } from '../metrics/wilson-interval.ts';
import { percent, points } from '../score/format-figures.ts';
import { countCorrect, failedIds, type InScope, isInScope } from '../score/scored-ticket.ts';
import type { Criterion } from './criterion.ts';

/** The tickets whose language is not clear. They are compared with no language. */
const UNKNOWN = 'unknown';
/** With fewer tickets, a language is named but not held to the target. */
export const MIN_TICKETS_PER_LANGUAGE = 10;

export const multilingual: Criterion = {
  id: 'multilingual',
  title: 'Languages',
  measures: 'Largest gap in accuracy from the best language',
  target: 0.05,
  better: 'lower',
  unit: 'points',
  measure({ main }) {
    const groups = [...byLanguage(main.filter(isInScope))]
      .filter(([language]) => language !== UNKNOWN)
      .sort((a, b) => b[1].length - a[1].length);
    if (groups.length < 2) {
      const why = say(
        'criterion.one-language',
        'The data set is in one language. Add tickets in the others that customers write in, best as translations ("variantOf", "variant": "translation").',
      );
      return { measured: false, n: 0, why };
    }
    const enough = groups.filter(([, tickets]) => tickets.length >= MIN_TICKETS_PER_LANGUAGE);
    const thin = groups.filter(([, tickets]) => tickets.length < MIN_TICKETS_PER_LANGUAGE);
    if (enough.length < 2) {
      const counts = groups.map(([language, tickets]) => `${language}: ${tickets.length}`);
      const text = `Two languages need ${MIN_TICKETS_PER_LANGUAGE} tickets each to be compared (${list(counts)}).`;
      const why = say('criterion.thin-languages', text, { needed: MIN_TICKETS_PER_LANGUAGE, counts });
      return { measured: false, n: 0, why, details: { languages: groups.map(accuracyOf) } };
    }
    // Of equally good ones the larger, which is the first.
    const best = enough.reduce((a, b) => (accuracyOf(b).value > accuracyOf(a).value ? b : a));
    const rows = groups.filter((group) => group !== best).map((group) => compareWith(best, group));
    const judged = rows.filter(({ n }) => n >= MIN_TICKETS_PER_LANGUAGE);
    const worst = judged.reduce((a, b) => (b.gap.value > a.gap.value ? b : a));
    const accuracies = enough
      .map(accuracyOf)
      .map(({ language, value }) => say('criterion.language', `${language}: ${percent(value)}`, { language, value }));
    const accuracyTexts = accuracies.map(({ text }) => text);
    const unjudged = thin.map(([language]) => language);
    const parts = [
      say('criterion.languages', `${list(accuracyTexts, 12)}.`, { languages: accuracies }),
      behindBest(worst, best[0]),
      ...(thin.length === 0
        ? []
        : [say('criterion.too-thin', `Too few tickets to judge: ${list(unjudged)}.`, { slices: unjudged })]),
    ];
    const behind = new Set(judged.filter(({ gap }) => gap.value > this.target).map(({ language }) => language));
    return {
      measured: true,
      ...atLeastZero(worst.gap),
      n: enough.reduce((sum, [, tickets]) => sum + tickets.length, 0),
      why: sayAll(parts),
      failed: groups.flatMap(([language, tickets]) => (behind.has(language) ? failedIds(tickets) : [])),
      details: { best: accuracyOf(best), languages: rows },
    };
  },
};

function behindBest(worst: ReturnType<typeof compareWith>, best: string): Saying {
  const { language, paired, gap } = worst;
  if (gap.value <= 0) return say('criterion.none-behind', 'No language is behind another.');
  const text = `The largest gap is ${points(gap.value)}: ${language} behind ${best}`;
  const values = { gap: gap.value, language, best };
  return paired
    ? say('criterion.behind-in-translation', `${text} (translations of the same tickets).`, values)
    : say('criterion.behind', `${text}.`, values);
}

export function byLanguage(tickets: readonly InScope[]): Map<string, InScope[]> {
  const groups = new Map<string, InScope[]>();
  for (const scored of tickets) {
    const language = (scored.ticket.language ?? scored.classification.language ?? UNKNOWN).split('-')[0]!.toLowerCase();
    const group = groups.get(language);
    if (group === undefined) groups.set(language, [scored]);
    else group.push(scored);
  }
  return groups;
}

type LanguageGroup = readonly [string, readonly InScope[]];

function accuracyOf([language, tickets]: LanguageGroup) {
  return {
    language,
    n: tickets.length,
    ...wilsonInterval({ successes: countCorrect(tickets), count: tickets.length })!,
  };
}

/** Compares translations of the same tickets where there are enough of them, otherwise different tickets. */
function compareWith(best: LanguageGroup, other: LanguageGroup) {
  const pairs = translationPairs(best[1], other[1]);
  const paired = pairs.length >= MIN_TICKETS_PER_LANGUAGE;
  const gap = paired
    ? pairedDifferenceInterval({ pairs })!
    : differenceInterval({
        first: { successes: countCorrect(best[1]), count: best[1].length },
        second: { successes: countCorrect(other[1]), count: other[1].length },
      })!;
  return { ...accuracyOf(other), paired, pairs: pairs.length, gap };
}

/** Either language may be the one that the tickets were written in. */
function translationPairs(best: readonly InScope[], other: readonly InScope[]) {
  const byId = new Map(best.map((scored) => [scored.ticket.id, scored]));
  const byOriginal = new Map(best.map((scored) => [scored.ticket.variantOf ?? '', scored]));
  return other.flatMap((scored) => {
    const { id, variantOf = '' } = scored.ticket;
    const twin = byId.get(variantOf) ?? byOriginal.get(id);
    return twin === undefined ? [] : [{ first: twin.correct, second: scored.correct }];
  });
}

/** On the same tickets, the language that is best on all of its own may be the weaker one. That is no gap. */
function atLeastZero({ value, low, high }: Interval): Interval {
  return { value: Math.max(0, value), low: Math.max(0, low), high: Math.max(0, high) };
}
