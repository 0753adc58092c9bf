import { Alert, Anchor, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDuration, formatUsd } from '../../components/format.ts';
import { PageFrame } from '../../components/page-frame.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Saying } from '../../components/saying.tsx';
import type { Comparison } from '../../data/api-types.ts';
import { comparisonQuery } from '../../data/runs.ts';
import { ChangedTickets } from './changed-tickets.tsx';
import { formatInterval } from './figures.ts';
import classes from './run-table.module.css';

const colors = {
  'second-better': 'green',
  'first-better': 'red',
  'no-difference-shown': 'gray',
  'nothing-to-compare': 'gray',
} as const;

/** Which of two evaluations is better, and whether that could be chance. */
export function ComparisonPage() {
  const { t } = useTranslation();
  const runs = useSearch({ from: '/shell/evaluation/compare' });
  const query = useQuery(comparisonQuery(runs));
  return (
    <PageFrame
      title={t('evaluation.comparison')}
      actions={
        <Anchor size="sm" renderRoot={(link) => <Link to="/evaluation" {...link} />}>
          {t('evaluation.all')}
        </Anchor>
      }
    >
      <QueryView query={query} loading={t('evaluation.comparing')}>
        {(comparison) => <ComparisonView comparison={comparison} />}
      </QueryView>
    </PageFrame>
  );
}

function ComparisonView({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation();
  const { verdict, why, whyFacts, fixed, broken, differences, differencesFacts } = comparison;
  return (
    <Stack gap="lg">
      <Alert color={colors[verdict]} title={t(`comparison.${verdict}`)}>
        <Saying text={why} facts={whyFacts} />
      </Alert>
      <FiguresTable comparison={comparison} />
      <section aria-label={t('evaluation.differences')}>
        <Title order={2} size="h5">
          {t('evaluation.differences')}
        </Title>
        <Text size="sm">
          {differences.length === 0 ? (
            t('evaluation.noDifferences')
          ) : (
            <Saying text={differences.join(', ')} facts={differencesFacts} />
          )}
        </Text>
      </section>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <ChangedTickets title={t('evaluation.becameRight')} tickets={fixed} />
        <ChangedTickets title={t('evaluation.becameWrong')} tickets={broken} />
      </SimpleGrid>
    </Stack>
  );
}

function FiguresTable({ comparison }: { comparison: Comparison }) {
  const { t, i18n } = useTranslation();
  const { first, second, count } = comparison;
  const { language } = i18n;
  const time = (value: number | null) => (value === null ? '–' : formatDuration(value, language));
  const rows: readonly (readonly [string, (run: Comparison['first']) => ReactNode])[] = [
    [t('evaluation.engine'), ({ engine, engineFacts }) => <Saying key={engine} text={engine} facts={engineFacts} />],
    [t('evaluation.accuracy'), ({ accuracy }) => (accuracy === null ? '–' : formatInterval(accuracy, language))],
    [t('evaluation.right'), ({ correct }) => t('evaluation.ofCriteria', { passed: correct, all: count })],
    [t('evaluation.perTicket'), ({ perTicketUsd }) => formatUsd(perTicketUsd, language)],
    [t('evaluation.median'), ({ p50Ms }) => time(p50Ms)],
    [t('evaluation.time'), ({ p95Ms }) => time(p95Ms)],
  ];
  return (
    <Table.ScrollContainer minWidth={480} type="native">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th aria-label={t('evaluation.figure')} />
            {[first, second].map(({ run }, index) => (
              <Table.Th key={index === 0 ? 'first' : 'second'}>
                <Text size="xs" c="dimmed">
                  {t(index === 0 ? 'evaluation.first' : 'evaluation.second')}
                </Text>
                <Link to="/evaluation/$runId" params={{ runId: run }} className={classes.link}>
                  {run}
                </Link>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([name, show]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">{name}</Table.Th>
              <Table.Td>{show(first)}</Table.Td>
              <Table.Td>{show(second)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
