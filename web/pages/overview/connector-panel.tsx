import { Anchor, Badge, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Ago } from '../../components/ago.tsx';
import { CheckName } from '../../components/check-name.tsx';
import { Failure } from '../../components/failure.tsx';
import { formatCount, formatDuration } from '../../components/format.ts';
import { Saying } from '../../components/saying.tsx';
import type { Setup } from '../../data/api-types.ts';
import { countsQuery } from '../../data/counts.ts';
import { healthQuery } from '../../data/figures.ts';
import { setupQuery } from '../../data/setup.ts';
import classes from './overview.module.css';
import { Panel } from './panel.tsx';
import { TicketLink } from './ticket-link.tsx';
import { Waiting } from './waiting.tsx';

const colors = { working: 'teal', 'catching-up': 'yellow', failing: 'red' } as const;

/** Whether tickets come in and move on: the queue, and each helpdesk with its last read and what is wrong. */
export function ConnectorPanel() {
  const { t } = useTranslation();
  // Sooner than other pages need it.
  const { data, error, refetch } = useQuery({ ...setupQuery, staleTime: 30_000, refetchInterval: 60_000 });
  const waiting = useQuery({ ...countsQuery({ by: 'connector', state: 'received' }), refetchInterval: 60_000 }).data;
  return (
    <Panel title={t('overview.connectors')} time={t('overview.now')} tickets={{ state: 'received' }}>
      <Queue />
      {error && <Failure error={error} retry={() => void refetch()} />}
      {data === undefined && !error && <Waiting />}
      {data?.connectors.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('overview.noConnectors')}
        </Text>
      )}
      {data !== undefined && data.connectors.length > 0 && (
        <Table.ScrollContainer minWidth={320} type="native">
          <Table fz="sm" verticalSpacing={6} horizontalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('overview.connector')}</Table.Th>
                <Table.Th>{t('overview.lastRead')}</Table.Th>
                <Table.Th>{t('overview.queue')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.connectors.map((connector) => (
                <ConnectorRow
                  key={connector.name}
                  connector={connector}
                  waiting={waiting?.items.find(({ value }) => value === connector.name)?.count ?? 0}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <RefusedToday refused={data?.refusedForNobody ?? null} />
      <Anchor c="inherit" size="xs" underline="always" renderRoot={(props) => <Link to="/setup" {...props} />}>
        {t('overview.setup')}
      </Anchor>
    </Panel>
  );
}

function ConnectorRow({ connector, waiting }: { connector: Setup['connectors'][number]; waiting: number }) {
  const { t, i18n } = useTranslation();
  const { name, state, poll, polledAt, why, whyFacts, refused } = connector;
  return (
    <Table.Tr>
      <Table.Td>
        <TicketLink tickets={{ connector: name }}>{name}</TicketLink>{' '}
        {state !== 'unread' && (
          <Badge size="sm" variant="light" color={colors[state]}>
            {t(`connectorState.${state}`)}
          </Badge>
        )}
        {why !== null && (
          <Text size="xs" className={classes.wrong}>
            <Saying text={why} facts={whyFacts} />
          </Text>
        )}
        <RefusedToday refused={refused} />
      </Table.Td>
      <Table.Td>{polledAt !== null ? <Ago at={polledAt} /> : poll === null ? '–' : t('overview.never')}</Table.Td>
      <Table.Td>{formatCount(waiting, i18n.language)}</Table.Td>
    </Table.Tr>
  );
}

/** How many webhooks were not accepted today, and why the last one was not: a secret that differs, or a wrong address. */
function RefusedToday({ refused }: { refused: Setup['refusedForNobody'] }) {
  const { t } = useTranslation();
  if (refused === null || refused.today === 0) return null;
  return (
    <Text size="xs" className={classes.wrong}>
      {t('overview.refused', { count: refused.today })} <Saying text={refused.lastWhy} facts={refused.lastWhyFacts} />
    </Text>
  );
}

function Queue() {
  const { t, i18n } = useTranslation();
  const { data } = useQuery(healthQuery);
  if (data === undefined) return null;
  const { waiting, oldestSeconds } = data.queue;
  return (
    <>
      <Text size="sm">
        {waiting === 0 || oldestSeconds === null
          ? t('overview.noneWaits')
          : t('overview.queueIs', { count: waiting, time: formatDuration(oldestSeconds * 1_000, i18n.language) })}
      </Text>
      {data.degraded
        .filter(({ starting }) => starting === undefined)
        .map(({ part, why, whyFacts }) => (
          <Text key={part} size="sm" className={classes.wrong}>
            <CheckName check={part} />: <Saying text={why} facts={whyFacts} />
          </Text>
        ))}
    </>
  );
}
