import { Card, Progress, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../components/failure.tsx';
import { formatCount, formatDuration, formatPercent, formatUsd } from '../../components/format.ts';
import { spendingQuery } from '../../data/figures.ts';
import type { TicketFilter } from '../../data/ticket-filter.ts';
import classes from './overview.module.css';
import type { Summary } from './summarise.ts';
import { TicketLink } from './ticket-link.tsx';

/** From this share of the budget on, the bar warns. */
const NEARLY_SPENT = 0.8;

/** The figures that say in one look how it goes. */
export function Tiles({ summary, time, since }: { summary: Summary; time: string; since: string }) {
  const { t, i18n } = useTranslation();
  const { tickets, decided, abstained, corrections, typicalMs } = summary;
  const count = (value: number) => formatCount(value, i18n.language);
  const ofDecided = (value: number) =>
    decided === 0 ? '–' : formatPercent(value / decided, i18n.language, { maximumFractionDigits: 0 });
  const decidedTickets = { receivedAfter: since, state: 'decided' };
  return (
    <div className={classes.tiles}>
      <Tile name={t('overview.received')} note={time} tickets={{ receivedAfter: since }} value={count(tickets)}>
        {tickets > decided ? t('overview.waiting', { count: tickets - decided }) : t('overview.noneWaits')}
      </Tile>
      <Tile
        name={t('overview.sure')}
        note={time}
        tickets={{ ...decidedTickets, abstained: 'false' }}
        value={ofDecided(decided - abstained)}
      >
        {abstained === 0 ? (
          t('overview.toTriage', { count: abstained })
        ) : (
          <TicketLink size="xs" tickets={{ receivedAfter: since, abstained: 'true' }}>
            {t('overview.toTriage', { count: abstained })}
          </TicketLink>
        )}
      </Tile>
      <Tile
        name={t('overview.time')}
        note={time}
        tickets={decidedTickets}
        value={typicalMs === null ? '–' : formatDuration(typicalMs.p50, i18n.language)}
      >
        {typicalMs && t('overview.p90Is', { time: formatDuration(typicalMs.p90, i18n.language) })}
      </Tile>
      <Tile name={t('overview.corrected')} note={time} value={ofDecided(corrections)}>
        {t('overview.correctedCount', { count: corrections })}
      </Tile>
      <CostTile />
    </div>
  );
}

function Tile(options: { name: string; note: string; value: string; tickets?: TicketFilter; children?: ReactNode }) {
  const { name, note, value, tickets, children } = options;
  return (
    <Card withBorder padding="sm">
      <Text size="sm">
        {tickets === undefined ? name : <TicketLink tickets={tickets}>{name}</TicketLink>}{' '}
        <Text span size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          {note}
        </Text>
      </Text>
      <div className={classes.number}>{value}</div>
      <Text size="xs" c="dimmed" component="div">
        {children}
      </Text>
    </Card>
  );
}

function CostTile() {
  const { t, i18n } = useTranslation();
  const { data, error, refetch } = useQuery(spendingQuery);
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  const usd = (value: number) => formatUsd(value, i18n.language);
  const percent = (value: number) => formatPercent(value, i18n.language, { maximumFractionDigits: 0 });
  const share = data?.budgetUsd ? data.todayUsd / data.budgetUsd : null;
  return (
    <Tile
      name={t('overview.cost')}
      note={t('overview.today')}
      tickets={data && { receivedAfter: `${data.day}T00:00:00.000Z` }}
      value={data === undefined ? '…' : usd(data.todayUsd)}
    >
      {data && (
        <>
          {data.budgetUsd === null
            ? t('overview.noBudget')
            : t('overview.ofBudget', { budget: usd(data.budgetUsd), share: percent(share ?? 0) })}
          {data.perTicketUsd !== null && ` · ${t('overview.perTicket', { cost: usd(data.perTicketUsd) })}`}
          {share !== null && (
            <Progress
              mt={6}
              size="sm"
              value={Math.min(100, share * 100)}
              color={share >= 1 ? 'red' : share >= NEARLY_SPENT ? 'yellow' : undefined}
              aria-label={t('overview.cost')}
            />
          )}
        </>
      )}
    </Tile>
  );
}
