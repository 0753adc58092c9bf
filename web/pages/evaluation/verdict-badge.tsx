import { useTranslation } from 'react-i18next';
import { StatusBadge } from '../../components/status-badge.tsx';

/** Whether a run passed the gate: every required criterion. */
export function VerdictBadge({ gate }: { gate: boolean | null }) {
  const { t } = useTranslation();
  if (gate === null) return <StatusBadge tone="quiet">{t('evaluation.incomplete')}</StatusBadge>;
  return (
    <StatusBadge tone={gate ? 'good' : 'warning'}>
      {gate ? t('evaluation.passed') : t('evaluation.notPassed')}
    </StatusBadge>
  );
}
