import { Button, Checkbox, Group, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Ago } from '../../components/ago.tsx';
import { formatPercent, formatUsd } from '../../components/format.ts';
import type { RunList } from '../../data/api-types.ts';
import classes from './run-table.module.css';
import { VerdictBadge } from './verdict-badge.tsx';

type RunRow = RunList['items'][number];

/** The runs, newest first. Two of the same tickets are chosen to be compared. */
export function RunTable({ runs }: { runs: RunList }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const first = runs.items.find(({ run }) => run === chosen[0]);
  const toggle = (run: string) =>
    setChosen((now) => (now.includes(run) ? now.filter((one) => one !== run) : [...now.slice(-1), run]));
  // Older first, so that the comparison reads from before to after.
  const [before, after] = runs.items.filter(({ run }) => chosen.includes(run)).toReversed();
  return (
    <>
      <Group gap="sm">
        <Text size="sm" c="dimmed" flex={1}>
          {t('evaluation.chooseTwo')}
        </Text>
        {before && after ? (
          <Button
            size="xs"
            renderRoot={(link) => (
              <Link to="/evaluation/compare" search={{ first: before.run, second: after.run }} {...link} />
            )}
          >
            {t('evaluation.compare')}
          </Button>
        ) : (
          <Button size="xs" disabled>
            {t('evaluation.compare')}
          </Button>
        )}
      </Group>
      <Table verticalSpacing="xs" horizontalSpacing="xs" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={40} aria-label={t('evaluation.compare')} />
            <Table.Th>{t('evaluation.run')}</Table.Th>
            <Table.Th className={classes.wide}>{t('evaluation.verdict')}</Table.Th>
            <Table.Th className={classes.number}>{t('evaluation.accuracy')}</Table.Th>
            <Table.Th className={classes.further}>{t('evaluation.criteria')}</Table.Th>
            <Table.Th className={classes.further}>{t('evaluation.cost')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.items.map((run) => (
            <Row
              key={run.run}
              run={run}
              isChosen={chosen.includes(run.run)}
              mayBeChosen={first === undefined || first.dataset === run.dataset || chosen.includes(run.run)}
              onToggle={() => toggle(run.run)}
            />
          ))}
        </Table.Tbody>
      </Table>
      {runs.total > runs.items.length && (
        <Text size="sm" c="dimmed">
          {t('evaluation.more', { shown: runs.items.length, total: runs.total })}
        </Text>
      )}
      <Text size="xs" c="dimmed" className={classes.folder}>
        {t('evaluation.folder', { folder: runs.folder })}
      </Text>
    </>
  );
}

function Row(props: { run: RunRow; isChosen: boolean; mayBeChosen: boolean; onToggle(): void }) {
  const { run, isChosen, mayBeChosen, onToggle } = props;
  const { t, i18n } = useTranslation();
  return (
    <Table.Tr>
      <Table.Td>
        <Checkbox
          checked={isChosen}
          disabled={!mayBeChosen}
          onChange={onToggle}
          aria-label={t('evaluation.choose', { run: run.run })}
          title={mayBeChosen ? undefined : t('evaluation.otherTickets')}
        />
      </Table.Td>
      <Table.Td>
        <Link to="/evaluation/$runId" params={{ runId: run.run }} className={classes.link}>
          {run.run}
        </Link>
        <Text size="xs" c="dimmed">
          <Ago at={run.startedAt} /> · {run.classifier} · {t('evaluation.tickets', { count: run.tickets })}
        </Text>
        <span className={classes.narrow}>
          <VerdictBadge gate={run.gate} />
        </span>
      </Table.Td>
      <Table.Td className={classes.wide}>
        <VerdictBadge gate={run.gate} />
        {!run.complete && (
          <Text size="xs" c="dimmed">
            {t('evaluation.answers', { count: run.answers })}
          </Text>
        )}
      </Table.Td>
      <Table.Td className={classes.number}>
        {run.accuracy === null ? '–' : <Accuracy accuracy={run.accuracy} />}
      </Table.Td>
      <Table.Td className={classes.further}>
        {run.complete ? t('evaluation.ofCriteria', { passed: run.passed, all: run.criteria }) : '–'}
      </Table.Td>
      <Table.Td className={classes.further}>{formatUsd(run.spentUsd, i18n.language)}</Table.Td>
    </Table.Tr>
  );
}

function Accuracy({ accuracy }: { accuracy: NonNullable<RunRow['accuracy']> }) {
  const { i18n } = useTranslation();
  const show = (share: number) => formatPercent(share, i18n.language);
  return (
    <>
      {show(accuracy.value)}
      <Text size="xs" c="dimmed">
        {show(accuracy.low)} – {show(accuracy.high)}
      </Text>
    </>
  );
}
