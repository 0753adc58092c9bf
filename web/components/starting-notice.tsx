import { Alert, Progress, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Health } from '../data/api-types.ts';
import { healthQuery } from '../data/figures.ts';

const LOOK_EVERY_MS = 2_000;

export const isStarting = ({ degraded }: Health): boolean => degraded.some(({ starting }) => starting !== undefined);

/** While the engine learns at its first start: nothing is wrong, and tickets are decided in a moment. */
export function StartingNotice() {
  const { t } = useTranslation();
  const { data } = useQuery({
    ...healthQuery,
    refetchInterval: ({ state }) => (state.data !== undefined && isStarting(state.data) ? LOOK_EVERY_MS : false),
  });
  const starting = data?.degraded.find((part) => part.starting !== undefined)?.starting;
  if (starting === undefined) return null;
  const { done, total } = starting;
  return (
    <Alert color="blue" radius={0} role="status">
      <Text size="sm">{t('engineStarts.title')}</Text>
      {total !== null && total > 0 && (
        <Progress
          mt="xs"
          size="sm"
          value={Math.min(100, (100 * done) / total)}
          aria-label={t('engineStarts.progress')}
        />
      )}
    </Alert>
  );
}
