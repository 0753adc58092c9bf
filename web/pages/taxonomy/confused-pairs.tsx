import { Card, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { IntentPath } from '../../components/intent-path.tsx';
import type { TaxonomyView } from '../../data/api-types.ts';
import classes from './confused-pairs.module.css';

type Pair = TaxonomyView['confused'][number];

/** What people corrected most often: decided as this, meant as that. With `intent`, only pairs of which it is one. */
export function ConfusedPairs({ taxonomy, intent }: { taxonomy: TaxonomyView; intent?: string }) {
  const { t } = useTranslation();
  const isWithin = (id: string | null) =>
    intent === undefined || id === intent || id?.startsWith(`${intent}/`) === true;
  const pairs = taxonomy.confused.filter(
    (pair) => isWithin(pair.intent) || (intent !== undefined && isWithin(pair.with)),
  );
  if (pairs.length === 0 && intent !== undefined) return null;
  return (
    <Card withBorder component="section" aria-label={t('taxonomy.confused')}>
      <Title order={2} size="h5">
        {t('taxonomy.confused')}
      </Title>
      <Text size="xs" c="dimmed" mb="sm">
        {t('taxonomy.confusedHint')}
      </Text>
      {pairs.length === 0 && <Text size="sm">{t('taxonomy.noneConfused')}</Text>}
      <ul className={`plain ${classes.pairs}`}>
        {pairs.map((pair) => (
          <PairLine key={`${pair.intent} ${pair.with}`} pair={pair} />
        ))}
      </ul>
    </Card>
  );
}

function PairLine({ pair }: { pair: Pair }) {
  const { t } = useTranslation();
  return (
    <li>
      <span className={classes.count}>{t('taxonomy.times', { count: pair.count })}</span>
      <span>
        <Link to="/taxonomy" search={{ intent: pair.intent }}>
          <IntentPath id={pair.intent} />
        </Link>
        <Text span c="dimmed" size="sm">
          {' '}
          {t('taxonomy.meant')}{' '}
        </Text>
        {pair.with === null ? (
          t('taxonomy.noIntent')
        ) : (
          <Link to="/taxonomy" search={{ intent: pair.with }}>
            <IntentPath id={pair.with} />
          </Link>
        )}
      </span>
    </li>
  );
}
