import { Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatPercent } from '../../components/format.ts';
import { IntentPath } from '../../components/intent-path.tsx';
import type { Run } from '../../data/api-types.ts';
import classes from './run-table.module.css';

const SHOWN = 12;

/** The intents that are decided worst. The report has all of them. */
export function IntentScores({ score }: { score: NonNullable<Run['score']> }) {
  const { t, i18n } = useTranslation();
  const worst = score.perIntent
    .filter(({ support, f1 }) => support > 0 && f1 < 1)
    .toSorted((a, b) => a.f1 - b.f1 || b.support - a.support)
    .slice(0, SHOWN);
  const share = (value: number | null) => (value === null ? '–' : formatPercent(value, i18n.language));
  return (
    <section aria-label={t('evaluation.weakest')}>
      <Title order={2} size="h5" mb="xs">
        {t('evaluation.weakest')}
      </Title>
      {worst.length === 0 ? (
        <Text size="sm">{t('evaluation.noneWeak')}</Text>
      ) : (
        <Table verticalSpacing={4} horizontalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('taxonomy.intent')}</Table.Th>
              <Table.Th className={classes.number}>F1</Table.Th>
              <Table.Th className={classes.further}>{t('evaluation.precision')}</Table.Th>
              <Table.Th className={classes.further}>{t('evaluation.recall')}</Table.Th>
              <Table.Th className={classes.number}>n</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {worst.map(({ intent, f1, precision, recall, support }) => (
              <Table.Tr key={intent}>
                <Table.Td>
                  <IntentPath id={intent} />
                </Table.Td>
                <Table.Td className={classes.number}>{share(f1)}</Table.Td>
                <Table.Td className={classes.further}>{share(precision)}</Table.Td>
                <Table.Td className={classes.further}>{share(recall)}</Table.Td>
                <Table.Td className={classes.number}>{support}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  );
}
