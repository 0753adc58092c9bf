import { count } from '../../base/plural.ts';
import { bootstrapInterval } from '../metrics/bootstrap-interval.ts';
import { cohenKappa } from '../metrics/cohen-kappa.ts';
import { krippendorffAlpha } from '../metrics/krippendorff-alpha.ts';
import { mean } from '../metrics/percentile.ts';
import { judgeSentence, summariseJudgements } from '../rate/judgements.ts';
import type { Rating } from '../rate/ratings.ts';
import type { Criterion } from './criterion.ts';

/** With fewer rated explanations, the mean is not reliable. */
const MIN_RATED_TICKETS = 10;
/** A mean rating at or below this counts as failed. */
const POOR_RATING = 2;

export const explainability: Criterion = {
  id: 'explainability',
  title: 'Explanations',
  measures: "Mean of people's ratings, 1 to 5",
  target: 4,
  better: 'higher',
  unit: 'rating',
  measure({ ratings, judgements, seed }) {
    const judges = summariseJudgements({ judgements, ratings });
    const extras = judges.map(judgeSentence);
    const byTicket = groupRatings(ratings, ({ ticketId }) => ticketId);
    if (byTicket.size < MIN_RATED_TICKETS) {
      const why = `People have rated ${count(byTicket.size, 'explanation')}; ${MIN_RATED_TICKETS} are needed. Rate them with 'switchboard rate RUN'.`;
      const details = { judges };
      return { measured: false, needs: 'people', n: byTicket.size, why: [why, ...extras].join(' '), details };
    }
    // Tickets are the units: two ratings of one explanation do not count as two explanations.
    const units = [...byTicket.values()].map((own) => mean(own.map(({ rating }) => rating)));
    const interval = bootstrapInterval({ units, statistic: mean, seed })!;
    const raters = new Set(ratings.map(({ rater }) => rater));
    const agreement = agreementOf(byTicket, raters.size);
    const poor = [...byTicket].filter(([, own]) => mean(own.map(({ rating }) => rating)) <= POOR_RATING);
    const parts = [
      `${count(byTicket.size, 'explanation')} rated by ${count(raters.size, 'person', 'people')}: mean ${interval.value.toFixed(2)} (${interval.low.toFixed(2)}–${interval.high.toFixed(2)}).`,
      agreement.why,
      ...extras,
    ];
    return {
      measured: true,
      ...interval,
      n: byTicket.size,
      why: parts.join(' '),
      failed: poor.map(([ticketId]) => ticketId),
      details: { raters: raters.size, ratings: ratings.length, ...agreement.figures, judges },
    };
  },
};

/** Agreement of raters: Krippendorff's alpha, and for two raters also Cohen's weighted kappa. */
function agreementOf(byTicket: ReadonlyMap<string, readonly Rating[]>, raterCount: number) {
  if (raterCount < 2)
    return { why: 'Agreement is not known: there is only one rater.', figures: { alpha: null, weightedKappa: null } };
  const alpha = krippendorffAlpha([...byTicket.values()].map((own) => own.map(({ rating }) => rating)));
  const pairs = [...byTicket.values()].flatMap((own): [number, number][] => {
    const sorted = own.toSorted((a, b) => (a.rater < b.rater ? -1 : 1));
    return raterCount === 2 && sorted.length === 2 ? [[sorted[0]!.rating, sorted[1]!.rating]] : [];
  });
  const weightedKappa = pairs.length > 0 ? cohenKappa(pairs, 'quadratic') : null;
  const why =
    alpha === null
      ? 'Agreement is not known: no explanation has two ratings, or all ratings are the same.'
      : `Agreement of raters (Krippendorff's alpha): ${alpha.toFixed(2)}${alpha < 0.667 ? ', too low to rely on' : ''}.`;
  return { why, figures: { alpha, weightedKappa } };
}

function groupRatings(ratings: readonly Rating[], key: (rating: Rating) => string): Map<string, Rating[]> {
  // A person who rates again has changed their mind: the last rating counts.
  const last = new Map(ratings.map((rating) => [`${rating.ticketId}\n${rating.rater}`, rating]));
  const groups = new Map<string, Rating[]>();
  for (const rating of last.values()) groups.set(key(rating), [...(groups.get(key(rating)) ?? []), rating]);
  return groups;
}
