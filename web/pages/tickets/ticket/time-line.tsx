import { Card, Text, Timeline, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Ago } from '../../../components/ago.tsx';
import type { HistoryEntry, Ticket } from '../../../data/api-types.ts';

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
            {entry.detail !== '' && (
              <Text size="sm" c="dimmed" dir="auto">
                {entry.detail}
              </Text>
            )}
            <Text size="xs" c="dimmed">
              {describeActor(entry)} · <Ago at={entry.at} />
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </Card>
  );
}

/** The name that was given, with who it really was where that says more. */
function describeActor({ by, actor }: HistoryEntry): string {
  const real = actor.kind === 'user' ? actor.id : `${actor.kind} ${actor.id}`;
  return by === '' || by === actor.id || by === real ? real : `${by} (${real})`;
}
