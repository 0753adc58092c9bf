import { Card, Group, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Ago } from '../../components/ago.tsx';
import { IntentPath } from '../../components/intent-path.tsx';
import { Saying } from '../../components/saying.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import type { Setup } from '../../data/api-types.ts';
import classes from './connector-list.module.css';

type Connector = Setup['connectors'][number];

const modeTones = { shadow: 'quiet', assist: 'info', auto: 'good' } as const;
const stateTones = { working: 'good', 'catching-up': 'info', failing: 'bad', unread: 'quiet' } as const;

/** The connectors with their modes, and how each is. */
export function ConnectorList({ connectors }: { connectors: readonly Connector[] }) {
  const { t } = useTranslation();
  return (
    <Card withBorder component="section" aria-label={t('setup.connectors')}>
      <Title order={2} size="h5" mb="xs">
        {t('setup.connectors')}
      </Title>
      {connectors.length === 0 && <Text size="sm">{t('setup.noConnectors')}</Text>}
      <ul className={`plain ${classes.connectors}`}>
        {connectors.map((connector) => (
          <ConnectorItem key={connector.name} connector={connector} />
        ))}
      </ul>
    </Card>
  );
}

function ConnectorItem({ connector }: { connector: Connector }) {
  const { t, i18n } = useTranslation();
  const { name, type, title, mode, modes, poll, state, polledAt, why, whyFacts } = connector;
  return (
    <li>
      <Group gap="xs">
        <Text fw={600} size="sm">
          {name}
        </Text>
        <Text size="sm" c="dimmed">
          {i18n.exists(`connectorType.${type}`) ? t(`connectorType.${type as 'file'}`) : title}
        </Text>
        <StatusBadge tone={modeTones[mode]}>{t(`mode.${mode}`)}</StatusBadge>
        {(poll !== null || state === 'failing') && (
          <StatusBadge tone={stateTones[state]}>{t(`connectorState.${state}`)}</StatusBadge>
        )}
      </Group>
      {Object.entries(modes).map(([intent, other]) => (
        <Text key={intent} size="xs">
          {intent.includes('*') ? intent : <IntentPath id={intent} />}: {t(`mode.${other}`)}
        </Text>
      ))}
      <Text size="xs" c="dimmed">
        {poll === null ? t('setup.notPolled') : t('setup.polled', { seconds: poll })}
        {polledAt && (
          <>
            {' · '}
            {t('setup.lastRead')} <Ago at={polledAt} />
          </>
        )}
      </Text>
      {why && (
        <Text size="sm" fw={600}>
          <Saying text={why} facts={whyFacts} />
        </Text>
      )}
    </li>
  );
}
