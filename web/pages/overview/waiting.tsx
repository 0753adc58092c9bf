import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** In place of figures that are being fetched. */
export function Waiting({ height = 120 }: { height?: number }) {
  const { t } = useTranslation();
  return <Skeleton h={height} role="status" aria-label={t('overview.loading')} />;
}
