import { Anchor, Button, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../components/empty.tsx';
import type { ReviewFilter } from '../../data/review.ts';
import type { QueueView } from '../../data/review-queue.ts';

/** Nothing is left: what that means, and what to do now. */
export function ReviewEmpty(props: { view: QueueView; filter: ReviewFilter; onShowSkipped(): void }) {
  const { view, filter, onShowSkipped } = props;
  const { t } = useTranslation();
  const left = view.remaining ?? 0;
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <Empty title={left > 0 ? t('review.othersHold') : t('review.nothing')}>
      <Stack align="center" gap="sm">
        <Text size="sm">{left > 0 ? t('review.othersHoldHint', { count: left }) : t('review.nothingHint')}</Text>
        {left > 0 && (
          <Button size="xs" variant="default" onClick={onShowSkipped}>
            {t('review.showSkipped')}
          </Button>
        )}
        {isFiltered && (
          <Anchor size="sm" renderRoot={(link) => <Link to="/review" search={{}} {...link} />}>
            {t('review.showAll')}
          </Anchor>
        )}
        <Anchor size="sm" renderRoot={(link) => <Link to="/tickets" search={{}} {...link} />}>
          {t('failure.home')}
        </Anchor>
      </Stack>
    </Empty>
  );
}
