import { Anchor, Card, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Fact, Facts } from '../../components/facts.tsx';
import { Saying } from '../../components/saying.tsx';
import type { Setup } from '../../data/api-types.ts';

/** What runs, with which engine and why. */
export function RunningCard({ setup }: { setup: Setup }) {
  const { t } = useTranslation();
  const { company, config, isSample, engine, store, learning, redaction, version } = setup;
  return (
    <Card withBorder component="section" aria-label={t('setup.running')}>
      <Title order={2} size="h5" mb="xs">
        {t('setup.running')}
      </Title>
      <Facts>
        {company && <Fact name={t('setup.company')}>{company}</Fact>}
        <Fact name={t('setup.config')}>{isSample ? t('setup.sample') : (config ?? '–')}</Fact>
        <Fact name={t('setup.engine')}>
          {t(`engine.${engine.kind}`)}
          <Text size="xs" c="dimmed">
            <Saying text={engine.why} facts={engine.whyFacts} />
          </Text>
        </Fact>
        <Fact name={t('setup.store')}>
          {t(`storeKind.${store.kind}`)}
          <Text size="xs" c="dimmed">
            {store.location}
          </Text>
        </Fact>
        <Fact name={t('setup.learning')}>
          {t(`learning.${learning.feedback}`)}
          <Text size="xs" c="dimmed">
            {t('setup.perHour', { count: learning.maxCorrectionsPerHour })}
          </Text>
        </Fact>
        <Fact name={t('setup.redaction')}>{redaction ? t('setup.redacted') : t('setup.notRedacted')}</Fact>
        <Fact name={t('setup.version')}>
          {version}
          <Text size="xs">
            <Anchor href="/docs" inherit>
              {t('app.docs')}
            </Anchor>
          </Text>
        </Fact>
      </Facts>
    </Card>
  );
}
