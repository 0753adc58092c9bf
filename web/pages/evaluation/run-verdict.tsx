import { Alert, List, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../data/api-types.ts';
import { useCriterionTitle } from './use-criterion-title.ts';

type Score = NonNullable<Run['score']>;

/** May it go live? The required criteria that stand in the way. */
export function RunVerdict({ score, gate }: { score: Score; gate: NonNullable<Run['gate']> }) {
  const { t } = useTranslation();
  const titleOf = useCriterionTitle();
  const of = (ids: readonly string[]) => ids.map((id) => titleOf(id)).join(', ');
  const missed = score.criteria.filter(({ id, status }) => gate.missing.includes(id) && status === 'missed');
  const open = [
    ...score.criteria
      .filter(({ id, status }) => gate.missing.includes(id) && status === 'not-measured')
      .map(({ id }) => id),
    ...gate.leftOut,
  ];
  const color = gate.passed ? 'green' : missed.length > 0 ? 'red' : 'yellow';
  return (
    <Alert
      color={color}
      title={
        gate.passed ? t('evaluation.mayGoLive') : missed.length > 0 ? t('evaluation.notYet') : t('evaluation.unknown')
      }
    >
      {gate.passed ? (
        <Text size="sm">{t('evaluation.allPassed')}</Text>
      ) : (
        <List size="sm">
          {missed.length > 0 && (
            <List.Item>{t('evaluation.missed', { list: of(missed.map(({ id }) => id)) })}</List.Item>
          )}
          {open.length > 0 && <List.Item>{t('evaluation.open', { list: of(open) })}</List.Item>}
        </List>
      )}
    </Alert>
  );
}
