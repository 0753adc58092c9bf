import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Decision } from '../data/api-types.ts';

const colors = { low: 'gray', normal: 'gray', high: 'orange', urgent: 'red' } as const;

/** Nothing for a normal priority: it stands out where it is higher or lower. */
export function PriorityBadge({ priority }: { priority: Decision['priority'] }) {
  const { t } = useTranslation();
  if (priority === 'normal') return null;
  return (
    <Badge size="xs" color={colors[priority]} variant="filled" autoContrast>
      {t(`priority.${priority}`)}
    </Badge>
  );
}
