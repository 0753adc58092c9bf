import { count } from '../../base/plural.ts';
import { say, sayAll } from '../../base/say.ts';
import { wilsonInterval } from '../metrics/wilson-interval.ts';
import { percent } from '../score/format-figures.ts';
import { sayShare } from '../score/say-share.ts';
import { isInScope, isOriginal } from '../score/scored-ticket.ts';
import type { Criterion } from './criterion.ts';
import type { Evidence } from './evidence.ts';

/** A ticket with the answers that should all be the same: to its repeats and to its paraphrases. */
type Family = { readonly id: string; readonly repeated: readonly string[]; readonly paraphrased: readonly string[] };

export const consistency: Criterion = {
  id: 'consistency',
  title: 'Consistency',
  measures: 'Share of tickets that get the same answer when asked again or in other words',
  target: 0.95,
  better: 'higher',
  unit: 'share',
  measure(evidence) {
    const families = gatherFamilies(evidence);
    const withParaphrases = families.filter(({ paraphrased }) => paraphrased.length > 1);
    const withRepeats = families.filter(({ repeated }) => repeated.length > 1);
    // The embedded engine, and automatic mail that no engine is asked about, always get the same answer.
    const alwaysLocal = evidence.main.every(({ classification }) => {
      const stage = classification?.stage ?? 'local';
      return stage === 'local' || stage === 'none';
    });
    if (withParaphrases.length === 0 && (withRepeats.length === 0 || alwaysLocal)) {
      const why = alwaysLocal
        ? say(
            'criterion.always-same',
            'The embedded engine always gives the same text the same answer, and the data set has no paraphrases to ask. Add tickets with "variantOf" and "variant": "paraphrase".',
          )
        : say('criterion.asked-once', 'No ticket was asked twice, and the data set has no paraphrases.');
      return { measured: false, n: 0, why };
    }
    const asked = families.filter(({ repeated, paraphrased }) => repeated.length > 1 || paraphrased.length > 1);
    // Repeats show nothing about an engine that always gives the same answer.
    const counted = alwaysLocal ? withParaphrases : asked;
    const steady = counted.filter((family) => isOne(family.repeated) && isOne(family.paraphrased));
    const value = wilsonInterval({ successes: steady.length, count: counted.length })!;
    const share = (of: readonly Family[], pick: (family: Family) => readonly string[]) =>
      of.length === 0 ? null : of.filter((family) => isOne(pick(family))).length / of.length;
    const repeatShare = share(withRepeats, ({ repeated }) => repeated);
    const paraphraseShare = share(withParaphrases, ({ paraphrased }) => paraphrased);
    const whole = sayShare(value);
    const parts = [
      say(
        'criterion.steady',
        `${steady.length} of ${count(counted.length, 'ticket')} always got the same answer: ${whole.text}.`,
        { steady: steady.length, tickets: counted.length, share: whole },
      ),
      ...(repeatShare === null
        ? []
        : [
            say(
              'criterion.same-again',
              `Same answer when asked again: ${percent(repeatShare)} of ${withRepeats.length}.`,
              {
                ...{ share: repeatShare, tickets: withRepeats.length },
              },
            ),
          ]),
      paraphraseShare === null
        ? say('criterion.only-repeats', 'No paraphrases in the data set: only repeats were compared.')
        : say(
            'criterion.same-in-other-words',
            `Same answer in other words: ${percent(paraphraseShare)} of ${withParaphrases.length}.`,
            { share: paraphraseShare, tickets: withParaphrases.length },
          ),
    ];
    return {
      measured: true,
      ...value,
      n: counted.length,
      why: sayAll(parts),
      failed: counted.filter((family) => !steady.includes(family)).map(({ id }) => id),
      details: {
        repeats: { n: withRepeats.length, share: repeatShare },
        paraphrases: { n: withParaphrases.length, share: paraphraseShare },
      },
    };
  },
};

function gatherFamilies({ main, repeats }: Evidence): Family[] {
  const inScope = main.filter(isInScope);
  const paraphrases = new Map<string, string[]>();
  for (const { ticket, predicted } of inScope) {
    if (ticket.variant !== 'paraphrase' || ticket.variantOf === undefined) continue;
    paraphrases.set(ticket.variantOf, [...(paraphrases.get(ticket.variantOf) ?? []), predicted ?? '']);
  }
  return inScope.filter(isOriginal).map(({ ticket, predicted }) => {
    const own = predicted ?? '';
    const again = (repeats.get(ticket.id) ?? [])
      .filter(({ outcome }) => outcome === 'answered')
      .map(({ classification }) => classification?.intent ?? '');
    return { id: ticket.id, repeated: [own, ...again], paraphrased: [own, ...(paraphrases.get(ticket.id) ?? [])] };
  });
}

const isOne = (answers: readonly string[]): boolean => new Set(answers).size <= 1;
