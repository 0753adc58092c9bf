import { Alert, Progress, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { meQuery } from '../data/me.ts';

const LOOK_EVERY_MS = 2_000;

/** While the engine learns at its first start: nothing is wrong, and tickets are decided in a moment. */
export function StartingNotice() {
  const { t } = useTranslation();
  const { data } = useQuery({
    ...meQuery,
    refetchInterval: ({ state }) => (state.data?.engineStart == null ? false : LOOK_EVERY_MS),
  });
  if (data?.engineStart == null) return null;
  const { done, total } = data.engineStart;
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
