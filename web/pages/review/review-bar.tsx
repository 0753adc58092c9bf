import { Group, NativeSelect, Progress, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../data/me.ts';
import { leadKinds, parseReviewFilter, type ReviewFilter, reviewKinds, reviewStateQuery } from '../../data/review.ts';
import type { QueueView } from '../../data/review-queue.ts';
import { setupQuery } from '../../data/setup.ts';
import { paceOf } from './pace.ts';

/** How many are done and left, how fast one is, and what to look at. */
export function ReviewBar({ view, filter }: { view: QueueView; filter: ReviewFilter }) {
  const { t } = useTranslation();
  const isLead = useMay('lead');
  const navigate = useNavigate();
  const state = useQuery(reviewStateQuery());
  const setup = useQuery(setupQuery);
  const decided = view.done.filter(({ said }) => said.verdict !== 'skip');
  const pace = paceOf(decided.map(({ at }) => at));
  const left = view.remaining;
  const all = decided.length + (left ?? 0);
  const share = left === null ? 0 : all === 0 ? 100 : (100 * decided.length) / all;
  const kinds = reviewKinds.filter((kind) => isLead || !leadKinds.includes(kind));
  const counts = state.data?.counts;
  // Nothing is said of what is not known yet.
  const figures = [
    left !== null && t('review.doneAndLeft', { done: decided.length, left }),
    left !== null && pace !== null && t('review.pace', { count: pace }),
    left !== null && state.data !== undefined && t('review.today', { count: state.data.doneToday.mine }),
  ].filter((figure) => figure !== false);
  const choose = (field: HTMLSelectElement, name: keyof ReviewFilter) => {
    field.blur(); // While a field has the focus, keys are for it.
    void navigate({ to: '/review', search: parseReviewFilter({ ...filter, [name]: field.value }) });
  };
  return (
    <section aria-label={t('review.progress')}>
      <Group justify="space-between" gap="xs" mb={6}>
        <Text size="sm" data-testid="progress">
          {figures.join(' · ')}
        </Text>
        <Group gap="xs" flex="0 1 460px" wrap="nowrap" miw={0}>
          <NativeSelect
            size="xs"
            flex={1}
            miw={0}
            aria-label={t('review.kinds')}
            value={filter.kind ?? ''}
            onChange={({ currentTarget }) => choose(currentTarget, 'kind')}
            data={[
              { value: '', label: t('review.allKinds') },
              ...kinds.map((kind) => ({
                value: kind,
                label: `${t(`review.kind.${kind}`)}${counts === undefined ? '' : ` (${counts[kind]})`}`,
              })),
            ]}
          />
          <NativeSelect
            size="xs"
            flex={1}
            miw={0}
            aria-label={t('review.team')}
            value={filter.team ?? ''}
            onChange={({ currentTarget }) => choose(currentTarget, 'team')}
            data={[
              { value: '', label: t('review.allTeams') },
              ...(setup.data?.teams ?? []).map(({ id, name }) => ({ value: id, label: name ?? id })),
            ]}
          />
        </Group>
      </Group>
      <Progress value={share} aria-label={t('review.progress')} size="sm" />
    </section>
  );
}
