import { Group, SegmentedControl, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../components/empty.tsx';
import { Failure } from '../../components/failure.tsx';
import { StartingNotice } from '../../components/starting-notice.tsx';
import { usePageTitle } from '../../components/use-page-title.ts';
import type { Series } from '../../data/api-types.ts';
import { seriesQuery } from '../../data/figures.ts';
import { parseRange, type Range, ranges, type TimeRange, timeRange } from '../../data/time-range.ts';
import { ConnectorPanel } from './connector-panel.tsx';
import { CorrectionPanel, StagePanel, TeamPanel } from './lists.tsx';
import classes from './overview.module.css';
import { type Summary, summarise } from './summarise.ts';
import { Tiles } from './tiles.tsx';
import { Waiting } from './waiting.tsx';

// Apart from the rest: the library of charts is larger than all other code of the page.
const Chart = lazy(() => import('./charts.tsx').then((file) => ({ default: file.Chart })));

const route = getRouteApi('/shell/overview');

/** How it goes, read in ten seconds: figures, then charts, each with its time and the tickets behind it. */
export function OverviewPage() {
  const { t } = useTranslation();
  usePageTitle(t('nav.overview'));
  // The router passes on what it does not know.
  const { range: name = 'day' } = route.useSearch({ select: parseRange });
  const navigate = useNavigate();
  const range = timeRange(name, Date.now());
  return (
    <div className={classes.page}>
      <Group justify="space-between" mb="sm">
        <Title order={1} size="h3">
          {t('nav.overview')}
        </Title>
        <SegmentedControl
          aria-label={t('overview.range')}
          size="xs"
          value={name}
          onChange={(value) => void navigate({ to: '/overview', search: { range: value as Range }, replace: true })}
          data={ranges.map((value) => ({ value, label: t(`range.${value}`) }))}
        />
      </Group>
      <StartingNotice />
      <Figures range={range} />
    </div>
  );
}

function Figures({ range }: { range: TimeRange }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(seriesQuery({ since: range.since, step: range.step }));
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Waiting height={400} />;
  const summary = summarise(data.points);
  const time = t(`range.${range.range}`);
  return (
    <>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <Tiles summary={summary} time={time} since={range.since} />
      {summary.tickets === 0 ? (
        <>
          <Empty title={t('overview.none')}>
            <Text size="sm">{t('overview.noneHint')}</Text>
          </Empty>
          <ConnectorPanel />
        </>
      ) : (
        <Panels data={data} summary={summary} range={range} time={time} />
      )}
    </>
  );
}

type PanelsProps = { data: Series; summary: Summary; range: TimeRange; time: string };

function Panels({ data: { points }, summary, range, time }: PanelsProps) {
  const shared = { points, summary, range, time };
  const chart = (name: 'tickets' | 'confidence' | 'time' | 'cost') => (
    <Suspense fallback={<Waiting height={260} />}>
      <Chart name={name} {...shared} />
    </Suspense>
  );
  return (
    <div className={classes.panels}>
      {chart('tickets')}
      <StagePanel summary={summary} range={range} time={time} />
      {chart('confidence')}
      {chart('time')}
      <TeamPanel range={range} time={time} />
      <CorrectionPanel range={range} time={time} />
      <ConnectorPanel />
      {summary.costUsd > 0 && chart('cost')}
    </div>
  );
}
