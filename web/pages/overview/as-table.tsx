import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './overview.module.css';

/** The values of a chart as a table, for screen readers and for whoever wants the numbers. */
export function AsTable(options: {
  caption: string;
  heads: readonly string[];
  rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
}) {
  const { caption, heads, rows } = options;
  const { t } = useTranslation();
  return (
    <details className={classes.asTable}>
      <summary>{t('overview.asTable')}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keys */}
      <section className={classes.rows} aria-label={caption} tabIndex={0}>
        <Table fz="xs" stickyHeader verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              {heads.map((head) => (
                <Table.Th key={head} scope="col">
                  {head}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ key, cells: [first, ...others] }) => (
              <Table.Tr key={key}>
                <Table.Th scope="row" fw={400}>
                  {first}
                </Table.Th>
                {others.map((cell, at) => (
                  <Table.Td key={heads[at + 1]}>{cell}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </details>
  );
}
