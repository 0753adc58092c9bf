import { Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../components/empty.tsx';
import { usePageTitle } from '../../components/use-page-title.ts';
import { useMay } from '../../data/me.ts';
import { parseReviewFilter } from '../../data/review.ts';
import { ReviewDesk } from './review-desk.tsx';
import { takeReviewerId } from './reviewer-id.ts';

/** What waits for people, one after the other, for who may decide it. */
export function ReviewPage() {
  const { t } = useTranslation();
  usePageTitle(t('nav.review'));
  const may = useMay('agent');
  const filter = useSearch({ from: '/shell/review', select: parseReviewFilter, structuralSharing: true });
  const reviewer = useQuery({ queryKey: ['reviewer'], queryFn: takeReviewerId, staleTime: Number.POSITIVE_INFINITY });
  if (!may) return <Empty title={t('review.notAllowed')}>{t('review.notAllowedHint')}</Empty>;
  if (reviewer.data === undefined) return <Loader m="xl" aria-label={t('review.loading')} />;
  return <ReviewDesk reviewer={reviewer.data} filter={filter} />;
}
