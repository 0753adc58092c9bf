import { useTranslation } from 'react-i18next';
import { formatShare } from '../../../src/sentences/format-share.ts';
import { Saying } from '../../components/saying.tsx';
import type { ReviewItem, SentenceFacts, Ticket } from '../../data/api-types.ts';

/** Why an item waits. Its ticket has the facts of that; null for an example that was not made from one. */
export function WhyItWaits({ item, ticket }: { item: ReviewItem; ticket: Ticket | null }) {
  const { t, i18n } = useTranslation();
  if (item.kind === 'unsure' && ticket?.classification) {
    return t('review.unsureWhy', { share: formatShare(ticket.classification.confidence, i18n.language) });
  }
  return <Saying text={item.why} facts={ticket === null ? undefined : factsOf(item.why, ticket)} />;
}

function factsOf(why: string, { classification, history }: Ticket): readonly SentenceFacts[] | undefined {
  if (classification?.abstainReason === why) return classification.abstainFacts;
  for (const { event, facts } of history) {
    if (event === 'feedback' && 'waitsFacts' in facts && facts.waitsBecause === why) return facts.waitsFacts;
  }
  return undefined;
}
