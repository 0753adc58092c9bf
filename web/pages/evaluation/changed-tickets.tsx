import { Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { IntentPath } from '../../components/intent-path.tsx';
import type { Comparison } from '../../data/api-types.ts';
import classes from './failure-table.module.css';

const SHOWN = 50;

/** Tickets that one run got right and the other wrong. */
export function ChangedTickets({ title, tickets }: { title: string; tickets: Comparison['fixed'] }) {
  const { t } = useTranslation();
  return (
    <section aria-label={title}>
      <Title order={2} size="h5">
        {title} ({tickets.length})
      </Title>
      {tickets.length === 0 && <Text size="sm">{t('evaluation.noTickets')}</Text>}
      <ul className="plain">
        {tickets.slice(0, SHOWN).map(({ id, expected, first, second }) => (
          <li key={id} className={classes.failure}>
            <span className={classes.head}>
              <span className={classes.id}>{id}</span>
            </span>
            <Answer name={t('evaluation.expected')} intent={expected} />
            <Answer name={t('evaluation.first')} intent={first} />
            <Answer name={t('evaluation.second')} intent={second} />
          </li>
        ))}
      </ul>
      {tickets.length > SHOWN && (
        <Text size="xs" c="dimmed">
          {t('evaluation.andMore', { count: tickets.length - SHOWN })}
        </Text>
      )}
    </section>
  );
}

function Answer({ name, intent }: { name: string; intent: string | null }) {
  const { t } = useTranslation();
  return (
    <span>
      <Text span size="xs" c="dimmed">
        {name}:{' '}
      </Text>
      {intent === null ? t('taxonomy.noIntent') : <IntentPath id={intent} short />}
    </span>
  );
}
