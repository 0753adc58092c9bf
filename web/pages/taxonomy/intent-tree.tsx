import { Table, Text, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Ago } from '../../components/ago.tsx';
import type { TaxonomyView } from '../../data/api-types.ts';
import { flattenIntents } from '../../data/taxonomy.ts';
import { findNodes } from './find-nodes.ts';
import classes from './intent-tree.module.css';

/** Every intent, parents before their children, with its numbers. What is typed above narrows the list. */
export function IntentTree({ taxonomy, chosen }: { taxonomy: TaxonomyView; chosen: string | null }) {
  const { t, i18n } = useTranslation();
  const [words, setWords] = useState('');
  const number = new Intl.NumberFormat(i18n.language);
  const nodes = findNodes(flattenIntents(taxonomy.intents), words);
  return (
    <>
      <TextInput
        type="search"
        mb="xs"
        aria-label={t('taxonomy.search')}
        placeholder={t('taxonomy.search')}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <Text size="xs" c="dimmed" mb="xs">
        {t('taxonomy.since')} <Ago at={taxonomy.since} />
      </Text>
      <Table stickyHeader className={classes.table} verticalSpacing={4} horizontalSpacing="xs" highlightOnHover>
        <Table.Caption>{t('taxonomy.version', { name: taxonomy.name, version: taxonomy.version })}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('taxonomy.intent')}</Table.Th>
            <Table.Th className={classes.number}>{t('taxonomy.tickets')}</Table.Th>
            <Table.Th className={classes.number}>{t('taxonomy.corrected')}</Table.Th>
            <Table.Th className={classes.number}>{t('taxonomy.examples')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {nodes.map(({ id, name, isLeaf, tickets, corrections, examples }) => (
            <Table.Tr key={id} data-chosen={id === chosen || undefined} className={classes.row}>
              <Table.Td>
                <Link
                  to="/taxonomy"
                  search={{ intent: id }}
                  className={classes.link}
                  data-parent={!isLeaf || undefined}
                  aria-current={id === chosen ? 'true' : undefined}
                  style={{ paddingInlineStart: `${(id.split('/').length - 1) * 18}px` }}
                >
                  {name}
                </Link>
              </Table.Td>
              <Table.Td className={classes.number}>{number.format(tickets)}</Table.Td>
              <Table.Td className={classes.number} data-some={corrections > 0 || undefined}>
                {number.format(corrections)}
              </Table.Td>
              <Table.Td className={classes.number} data-none={(isLeaf && examples === 0) || undefined}>
                {number.format(examples)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {nodes.length === 0 && <Text c="dimmed">{t('picker.none')}</Text>}
    </>
  );
}
