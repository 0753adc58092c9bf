import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Decision } from '../data/api-types.ts';

const looks = {
  low: { variant: 'default' },
  normal: { variant: 'default' },
  high: { variant: 'filled', color: 'orange.4', c: 'black' },
  urgent: { variant: 'filled', color: 'red.9' },
} as const;

/** Nothing for a normal priority: it stands out where it is higher or lower. */
export function PriorityBadge({ priority }: { priority: Decision['priority'] }) {
  const { t } = useTranslation();
  if (priority === 'normal') return null;
  const name = t(`priority.${priority}`);
  return (
    <Badge size="xs" {...looks[priority]} title={t('priorityIs', { priority: name })}>
      {name}
    </Badge>
  );
}
