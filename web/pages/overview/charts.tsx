import '@mantine/charts/styles.css';
import { BarChart, LineChart } from '@mantine/charts';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatCount, formatDuration, formatUsd } from '../../components/format.ts';
import type { SeriesPoint } from '../../data/api-types.ts';
import type { TicketFilter } from '../../data/ticket-filter.ts';
import type { TimeRange } from '../../data/time-range.ts';
import { AsTable } from './as-table.tsx';
import { formatStep } from './format-step.ts';
import { Legend } from './legend.tsx';
import classes from './overview.module.css';
import { Panel } from './panel.tsx';
import { stageColors } from './stage-colors.ts';
import { decidedIn, type Stage, type Summary, stages } from './summarise.ts';

const HEIGHT = 220;
const LOW = 140;
const stepMs = { hour: 3_600_000, day: 86_400_000 } as const;

export type ChartProps = { points: readonly SeriesPoint[]; summary: Summary; range: TimeRange; time: string };

/** The charts. They are hidden from screen readers, which get the tables below them. */
export const charts = {
  tickets: TicketChart,
  confidence: ConfidenceChart,
  time: TimeChart,
  cost: CostChart,
} as const;

export function Chart({ name, ...props }: ChartProps & { name: keyof typeof charts }) {
  const Named = charts[name];
  return <Named {...props} />;
}

/** What the charts over time share: labels of steps, and a click on a step that opens its tickets. */
function useSteps({ points, range }: ChartProps) {
  const { i18n } = useTranslation();
  const navigate = useNavigate();
  const open = (at: number) => {
    const start = points[at]?.start;
    if (start === undefined) return;
    const end = new Date(Date.parse(start) + stepMs[range.step]).toISOString();
    void navigate({ to: '/tickets', search: { receivedAfter: start, receivedBefore: end } });
  };
  return {
    label: (start: string) => formatStep(start, range, i18n.language),
    axis: {
      dataKey: 'label',
      xAxisProps: { minTickGap: 24 },
    },
    // Recharts gives the place of the step as a text.
    events: {
      accessibilityLayer: false,
      onClick: ({ activeTooltipIndex: at }: { activeTooltipIndex?: unknown }) =>
        at === null || at === undefined ? undefined : open(Number(at)),
    },
  };
}

function TicketChart(props: ChartProps) {
  const { points, summary, range, time } = props;
  const { t, i18n } = useTranslation();
  const { label, axis, events } = useSteps(props);
  const title = t(range.step === 'hour' ? 'overview.perHour' : 'overview.perDay');
  const shown = stages.filter((stage) => summary.byStage[stage] > 0);
  const waiting = (point: SeriesPoint) => point.tickets - decidedIn(point);
  const hasWaiting = points.some((point) => waiting(point) > 0);
  const data = points.map((point) => ({ label: label(point.start), ...point.byStage, waiting: waiting(point) }));
  const name = (stage: Stage) => t(`stage.${stage}`);
  const series = [
    ...shown.map((stage) => ({ name: stage as string, label: name(stage), color: stageColors[stage] })),
    ...(hasWaiting ? [{ name: 'waiting', label: t('state.received'), color: 'gray.5' }] : []),
  ];
  return (
    <Panel title={title} time={time} tickets={{ receivedAfter: range.since }} isWide>
      <div aria-hidden="true" className={classes.chart}>
        <BarChart
          h={HEIGHT}
          data={data}
          type="stacked"
          {...axis}
          series={series}
          valueFormatter={(value) => formatCount(value, i18n.language)}
          barChartProps={events}
        />
        <Legend series={series} />
      </div>
      <AsTable
        caption={title}
        heads={[
          t('overview.from'),
          t('overview.received'),
          ...shown.map(name),
          ...(hasWaiting ? [t('state.received')] : []),
        ]}
        rows={points.map((point) => ({
          key: point.start,
          cells: [
            label(point.start),
            point.tickets,
            ...shown.map((stage) => point.byStage[stage]),
            ...(hasWaiting ? [waiting(point)] : []),
          ],
        }))}
      />
    </Panel>
  );
}

function ConfidenceChart({ summary, range, time }: ChartProps) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const title = t('overview.confidence');
  const filterOf = (tenth: number): TicketFilter => ({
    receivedAfter: range.since,
    minConfidence: String(tenth / 10),
    ...(tenth < 9 && { maxConfidence: String((tenth + 1) / 10) }),
  });
  const data = summary.confidence.map((tickets, tenth) => ({
    label: `${tenth * 10}–${(tenth + 1) * 10}`,
    tickets,
  }));
  return (
    <Panel title={title} time={time} tickets={{ receivedAfter: range.since }}>
      <div aria-hidden="true" className={classes.chart}>
        <BarChart
          h={HEIGHT}
          data={data}
          dataKey="label"
          xAxisProps={{ minTickGap: 4 }}
          series={[{ name: 'tickets', label: t('overview.received'), color: 'indigo.6' }]}
          valueFormatter={(value) => formatCount(value, i18n.language)}
          barChartProps={{
            accessibilityLayer: false,
            onClick: ({ activeTooltipIndex: at }) =>
              at === null || at === undefined
                ? undefined
                : void navigate({ to: '/tickets', search: filterOf(Number(at)) }),
          }}
        />
      </div>
      <AsTable
        caption={title}
        heads={[title, t('overview.received')]}
        rows={data.map(({ label, tickets }) => ({ key: label, cells: [label, tickets] }))}
      />
    </Panel>
  );
}

function TimeChart(props: ChartProps) {
  const { points, range, time } = props;
  const { t, i18n } = useTranslation();
  const { label, axis, events } = useSteps(props);
  const title = t('overview.time');
  const data = points.map(({ start, decisionMs }) => ({ label: label(start), ...decisionMs }));
  const series = [
    { name: 'p50', label: t('overview.p50'), color: 'indigo.6' },
    { name: 'p90', label: t('overview.p90'), color: 'orange.6' },
  ];
  const duration = (ms: number | undefined) => (ms === undefined ? '–' : formatDuration(ms, i18n.language));
  return (
    <Panel title={title} time={time} tickets={{ receivedAfter: range.since, state: 'decided' }}>
      <div aria-hidden="true" className={classes.chart}>
        <LineChart
          h={HEIGHT}
          data={data}
          {...axis}
          curveType="monotone"
          withDots={points.length < 40}
          connectNulls
          // An hour in which the engine was down would flatten all others. Wide enough that no two marks read alike.
          yAxisProps={{ width: 64, scale: 'log', domain: [(low: number) => low / 2, (high: number) => high * 2] }}
          series={series}
          valueFormatter={duration}
          lineChartProps={events}
        />
        <Legend series={series} />
      </div>
      <AsTable
        caption={title}
        heads={[t('overview.from'), t('overview.p50'), t('overview.p90')]}
        rows={points.map(({ start, decisionMs }) => ({
          key: start,
          cells: [label(start), duration(decisionMs?.p50), duration(decisionMs?.p90)],
        }))}
      />
    </Panel>
  );
}

function CostChart(props: ChartProps) {
  const { points, range, time } = props;
  const { t, i18n } = useTranslation();
  const { label, axis, events } = useSteps(props);
  const title = t('overview.costOverTime');
  const usd = (value: number) => formatUsd(value, i18n.language);
  return (
    <Panel title={title} time={time} tickets={{ receivedAfter: range.since, stage: 'claude' }} isWide>
      <div aria-hidden="true" className={classes.chart}>
        <BarChart
          h={LOW}
          data={points.map(({ start, costUsd }) => ({ label: label(start), costUsd }))}
          {...axis}
          yAxisProps={{ width: 72 }}
          series={[{ name: 'costUsd', label: title, color: 'teal.6' }]}
          valueFormatter={usd}
          barChartProps={events}
        />
      </div>
      <AsTable
        caption={title}
        heads={[t('overview.from'), title]}
        rows={points.map(({ start, costUsd }) => ({ key: start, cells: [label(start), usd(costUsd)] }))}
      />
    </Panel>
  );
}
