import { Anchor, Button, Group, Spoiler, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { nameActor } from '../../components/actor-name.ts';
import { Ago } from '../../components/ago.tsx';
import { Failure } from '../../components/failure.tsx';
import { IntentPath } from '../../components/intent-path.tsx';
import { Saying } from '../../components/saying.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import type { ExamplePage } from '../../data/api-types.ts';
import { useExampleChange } from '../../data/examples.ts';
import { useMay } from '../../data/me.ts';
import classes from './example-item.module.css';

type Item = ExamplePage['items'][number];

/** One example: its words, where it comes from, who added it, and what may be done with it. */
export function ExampleItem({ item, showsIntent }: { item: Item; showsIntent: boolean }) {
  const { t } = useTranslation();
  const { example, source, state, why, actor, ticketId, updatedAt } = item;
  return (
    <li className={classes.item}>
      {example.subject && (
        <Text size="sm" fw={600} dir="auto">
          {example.subject}
        </Text>
      )}
      <Spoiler
        maxHeight={90}
        showLabel={t('ticket.more')}
        hideLabel={t('ticket.less')}
        className={classes.words}
        fz="sm"
      >
        <Text size="sm" dir="auto">
          {example.body}
        </Text>
      </Spoiler>
      <Group gap="xs" mt={4} className={classes.facts}>
        {state === 'waiting' && <StatusBadge tone="warning">{t('example.state.waiting')}</StatusBadge>}
        <StatusBadge tone="quiet">{t(`example.source.${source}`)}</StatusBadge>
        {actor && <span>{nameActor(actor, t)}</span>}
        <Ago at={updatedAt} />
        {showsIntent && example.intent !== null && <IntentPath id={example.intent} short />}
        {ticketId && (
          <Anchor inherit renderRoot={(link) => <Link to="/tickets/$ticketId" params={{ ticketId }} {...link} />}>
            {t('example.ticket')}
          </Anchor>
        )}
        <span className={classes.id}>{example.id}</span>
      </Group>
      {why && (
        <Text size="xs" c="dimmed">
          <Saying text={why} facts={undefined} />
        </Text>
      )}
      <Actions item={item} />
    </li>
  );
}

function Actions({ item }: { item: Item }) {
  const { t } = useTranslation();
  const may = useMay('lead');
  const [isAsking, setAsking] = useState(false);
  const change = useExampleChange(item.example.id);
  // Those of own files are changed in the file, which the list says above them.
  if (!may || item.source === 'file') return null;
  return (
    <Group gap="xs" mt={6}>
      {item.state === 'waiting' && (
        <Button size="compact-xs" loading={change.isPending} onClick={() => change.mutate('approve')}>
          {t('example.approve')}
        </Button>
      )}
      {isAsking ? (
        <>
          <Text size="xs">{t('example.question')}</Text>
          <Button size="compact-xs" color="red" loading={change.isPending} onClick={() => change.mutate('remove')}>
            {t('example.remove')}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => setAsking(false)}>
            {t('example.keep')}
          </Button>
        </>
      ) : (
        <Button size="compact-xs" variant="default" onClick={() => setAsking(true)}>
          {t('example.remove')}
        </Button>
      )}
      {change.isError && <Failure error={change.error} />}
    </Group>
  );
}
