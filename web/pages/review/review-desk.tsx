import { Alert, Loader, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../components/failure.tsx';
import { KeyHelp } from '../../components/key-help.tsx';
import type { ReviewFilter } from '../../data/review.ts';
import { LastVerdict } from './last-verdict.tsx';
import { ReviewBar } from './review-bar.tsx';
import { ReviewEmpty } from './review-empty.tsx';
import classes from './review-page.module.css';
import { ReviewedItem } from './reviewed-item.tsx';
import { useReview } from './use-review.ts';
import { useDeskKeys } from './use-review-keys.ts';

/** One item with what can be said of it, how far one is, and what was said last. */
export function ReviewDesk({ reviewer, filter }: { reviewer: string; filter: ReviewFilter }) {
  const { t } = useTranslation();
  const { queue, view } = useReview({ reviewer, filter });
  useDeskKeys(queue);
  const { items, isLoading, error, wasTaken, done, takenBack } = view;
  const [item] = items;
  return (
    <div className={classes.page}>
      <VisuallyHidden>
        <h1>{t('nav.review')}</h1>
      </VisuallyHidden>
      <ReviewBar view={view} filter={filter} />
      {error !== null && <Failure error={error} retry={() => void queue.retry()} />}
      {wasTaken && (
        <Alert color="gray" role="status">
          {t('review.wasTaken')}
        </Alert>
      )}
      <LastVerdict last={done.at(-1) ?? null} takenBack={takenBack} queue={queue} />
      {item !== undefined ? (
        <ReviewedItem key={item.id} item={item} queue={queue} />
      ) : isLoading ? (
        <Loader m="xl" aria-label={t('review.loading')} />
      ) : (
        error === null && <ReviewEmpty view={view} filter={filter} onShowSkipped={() => void queue.showSkipped()} />
      )}
      <KeyHelp
        keys={[
          { key: 'r', does: t('review.key.right') },
          { key: '1 – 9', does: t('review.key.choice') },
          { key: 'c', does: t('review.key.search') },
          { key: 'o', does: t('review.key.nobody') },
          { key: 't', does: t('review.key.team') },
          { key: 'a', does: t('review.key.approve') },
          { key: 'x', does: t('review.key.reject') },
          { key: 's', does: t('review.key.skip') },
          { key: 'm', does: t('review.key.move') },
          { key: 'u', does: t('review.key.undo') },
        ]}
      />
    </div>
  );
}
