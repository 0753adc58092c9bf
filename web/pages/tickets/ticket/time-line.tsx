import { Card, Text, Timeline, Title } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { nameActor } from '../../../components/actor-name.ts';
import { Ago } from '../../../components/ago.tsx';
import type { HistoryEntry, Ticket } from '../../../data/api-types.ts';
import { HistoryDetail } from './history-detail.tsx';

/** Who did what with the ticket, oldest first. */
export function TimeLine({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  return (
    <Card withBorder component="section" aria-label={t('ticket.history')}>
      <Title order={2} size="h6" mb="sm">
        {t('ticket.history')}
      </Title>
      <Timeline bulletSize={14} lineWidth={2} active={ticket.history.length}>
        {ticket.history.map((entry) => (
          <Timeline.Item key={entry.seq} title={<Text size="sm">{t(`event.${entry.event}`)}</Text>}>
            <Text size="sm" c="dimmed" dir="auto">
              <HistoryDetail entry={entry} />
            </Text>
            <Text size="xs" c="dimmed">
              {describeActor(entry, t)} · <Ago at={entry.at} />
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </Card>
  );
}

/** The name that was given, with who it really was where that says more. */
function describeActor({ by, actor }: HistoryEntry, t: TFunction): string {
  const real = nameActor(actor, t);
  return by === '' || by === actor.id || by === `${actor.kind} ${actor.id}` ? real : `${by} (${real})`;
}
