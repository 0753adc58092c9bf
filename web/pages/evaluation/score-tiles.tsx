import { Paper, SimpleGrid, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatDuration, formatPercent, formatUsd } from '../../components/format.ts';
import type { Run } from '../../data/api-types.ts';
import { formatInterval } from './figures.ts';

/** The figures that a lead looks at first. */
export function ScoreTiles({ score }: { score: NonNullable<Run['score']> }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const { accuracy, live, selective, outOfScope, latencyMs, cost } = score;
  const { coverage, precision } = live ?? selective;
  const tiles: readonly (readonly [string, string, string] | null)[] = [
    accuracy === null
      ? null
      : [
          formatPercent(accuracy.value, language),
          t('evaluation.accuracy'),
          t('evaluation.accuracyHint', { interval: formatInterval(accuracy, language), count: score.count }),
        ],
    [
      formatPercent(coverage, language),
      t('evaluation.live'),
      precision === null
        ? t('evaluation.liveOnly')
        : t('evaluation.liveHint', { share: formatPercent(precision, language) }),
    ],
    outOfScope === null
      ? null
      : [
          formatPercent(outOfScope.rejected, language),
          t('evaluation.turnedAway'),
          t('evaluation.turnedAwayHint', { count: outOfScope.count }),
        ],
    latencyMs.p95 === null || latencyMs.p50 === null
      ? null
      : [
          formatDuration(latencyMs.p95, language),
          t('evaluation.time'),
          t('evaluation.timeHint', { median: formatDuration(latencyMs.p50, language) }),
        ],
    [
      formatUsd(cost.perTicketUsd, language),
      t('evaluation.perTicket'),
      t('evaluation.spent', { cost: formatUsd(cost.spentUsd, language) }),
    ],
  ];
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 5 }} spacing="sm">
      {tiles.map(
        (tile) =>
          tile !== null && (
            <Paper key={tile[1]} withBorder p="sm">
              <Text size="xl" fw={700}>
                {tile[0]}
              </Text>
              <Text size="sm">{tile[1]}</Text>
              <Text size="xs" c="dimmed">
                {tile[2]}
              </Text>
            </Paper>
          ),
      )}
    </SimpleGrid>
  );
}
