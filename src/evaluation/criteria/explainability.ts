import { count } from '../../base/plural.ts';
import { type Saying, say, sayAll } from '../../base/say.ts';
import { bootstrapInterval } from '../metrics/bootstrap-interval.ts';
import { cohenKappa } from '../metrics/cohen-kappa.ts';
import { krippendorffAlpha } from '../metrics/krippendorff-alpha.ts';
import { mean } from '../metrics/percentile.ts';
import { judgeSentence, summariseJudgements } from '../rate/judgements.ts';
import type { Rating } from '../rate/ratings.ts';
import type { Criterion } from './criterion.ts';

/** With fewer rated explanations, the mean is not reliable. */
const MIN_RATED_TICKETS = 10;
/** Below this, Krippendorff advises against drawing conclusions. */
const RELIABLE_ALPHA = 0.667;
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
      const why = say(
        'criterion.too-few-rated',
        `People have rated ${count(byTicket.size, 'explanation')}; ${MIN_RATED_TICKETS} are needed. Rate them with 'switchboard rate RUN'.`,
        { count: byTicket.size, needed: MIN_RATED_TICKETS },
      );
      const details = { judges };
      return { measured: false, needs: 'people', n: byTicket.size, why: sayAll([why, ...extras]), details };
    }
    // Tickets are the units: two ratings of one explanation do not count as two explanations.
    const units = [...byTicket.values()].map((own) => mean(own.map(({ rating }) => rating)));
    const interval = bootstrapInterval({ units, statistic: mean, seed })!;
    const raters = new Set(ratings.map(({ rater }) => rater));
    const agreement = agreementOf(byTicket, raters.size);
    const poor = [...byTicket].filter(([, own]) => mean(own.map(({ rating }) => rating)) <= POOR_RATING);
    const parts = [
      say(
        'criterion.rated',
        `${count(byTicket.size, 'explanation')} rated by ${count(raters.size, 'person', 'people')}: mean ${interval.value.toFixed(2)} (${interval.low.toFixed(2)}–${interval.high.toFixed(2)}).`,
        { ...interval, rated: byTicket.size, raters: raters.size },
      ),
      agreement.why,
      ...extras,
    ];
    return {
      measured: true,
      ...interval,
      n: byTicket.size,
      why: sayAll(parts),
      failed: poor.map(([ticketId]) => ticketId),
      details: { raters: raters.size, ratings: ratings.length, ...agreement.figures, judges },
    };
  },
};

/** Agreement of raters: Krippendorff's alpha, and for two raters also Cohen's weighted kappa. */
function agreementOf(byTicket: ReadonlyMap<string, readonly Rating[]>, raterCount: number) {
  if (raterCount < 2)
    return {
      why: say('criterion.one-rater', 'Agreement is not known: there is only one rater.'),
      figures: { alpha: null, weightedKappa: null },
    };
  const alpha = krippendorffAlpha([...byTicket.values()].map((own) => own.map(({ rating }) => rating)));
  const pairs = [...byTicket.values()].flatMap((own): [number, number][] => {
    const sorted = own.toSorted((a, b) => (a.rater < b.rater ? -1 : 1));
    return raterCount === 2 && sorted.length === 2 ? [[sorted[0]!.rating, sorted[1]!.rating]] : [];
  });
  const weightedKappa = pairs.length > 0 ? cohenKappa(pairs, 'quadratic') : null;
  return { why: sayAgreement(alpha), figures: { alpha, weightedKappa } };
}

function sayAgreement(alpha: number | null): Saying {
  if (alpha === null) {
    const text = 'Agreement is not known: no explanation has two ratings, or all ratings are the same.';
    return say('criterion.no-agreement', text);
  }
  const text = `Agreement of raters (Krippendorff's alpha): ${alpha.toFixed(2)}`;
  return alpha < RELIABLE_ALPHA
    ? say('criterion.low-agreement', `${text}, too low to rely on.`, { alpha })
    : say('criterion.agreement', `${text}.`, { alpha });
}

function groupRatings(ratings: readonly Rating[], key: (rating: Rating) => string): Map<string, Rating[]> {
  // A person who rates again has changed their mind: the last rating counts.
  const last = new Map(ratings.map((rating) => [`${rating.ticketId}\n${rating.rater}`, rating]));
  const groups = new Map<string, Rating[]>();
  for (const rating of last.values()) groups.set(key(rating), [...(groups.get(key(rating)) ?? []), rating]);
  return groups;
}
