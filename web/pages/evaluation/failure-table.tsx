import { Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Confidence } from '../../components/confidence.tsx';
import { IntentPath } from '../../components/intent-path.tsx';
import type { Run } from '../../data/api-types.ts';
import classes from './failure-table.module.css';

const SHOWN = 15;

/** What went wrong, the most confident mistakes first. The report has all of them, with their texts. */
export function FailureTable({ score }: { score: NonNullable<Run['score']> }) {
  const { t } = useTranslation();
  const failures = score.failures.toSorted((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0));
  return (
    <section aria-label={t('evaluation.failures')}>
      <Title order={2} size="h5" mb="xs">
        {t('evaluation.failures')}
      </Title>
      <Text size="xs" c="dimmed">
        {t('evaluation.failuresHint', { count: failures.length })}
      </Text>
      <ul className="plain">
        {failures.slice(0, SHOWN).map(({ id, expected, predicted, confidence, error }) => (
          <li key={id} className={classes.failure}>
            <span className={classes.head}>
              <span className={classes.id}>{id}</span>
              {confidence !== null && <Confidence value={confidence} />}
            </span>
            <span>
              {expected === null ? t('taxonomy.noIntent') : <IntentPath id={expected} />}
              <Text span size="sm" c="dimmed">
                {' '}
                {t('evaluation.takenFor')}{' '}
              </Text>
              {error ?? (predicted === null ? t('taxonomy.noIntent') : <IntentPath id={predicted} />)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
