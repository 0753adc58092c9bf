import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Whether a run passed the gate: every required criterion. */
export function VerdictBadge({ gate }: { gate: boolean | null }) {
  const { t } = useTranslation();
  const look =
    gate === null
      ? { color: 'gray', text: t('evaluation.incomplete') }
      : gate
        ? { color: 'green', text: t('evaluation.passed') }
        : { color: 'orange', text: t('evaluation.notPassed') };
  return (
    <Badge color={look.color} variant="filled" autoContrast tt="none" miw="max-content">
      {look.text}
    </Badge>
  );
}
