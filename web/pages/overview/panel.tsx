import { Card, Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TicketFilter } from '../../data/ticket-filter.ts';
import classes from './overview.module.css';
import { TicketLink } from './ticket-link.tsx';

/** One figure or chart: what it shows, of which time, and where the tickets behind it are. */
export function Panel(options: {
  title: string;
  time: string;
  /** The tickets behind it. */
  tickets?: TicketFilter;
  isWide?: boolean;
  children: ReactNode;
}) {
  const { title, time, tickets, isWide = false, children } = options;
  const { t } = useTranslation();
  return (
    <Card component="section" withBorder padding="md" className={isWide ? classes.wide : undefined} aria-label={title}>
      <div className={classes.panel}>
        <Group justify="space-between" align="baseline" gap="xs">
          <Group gap="xs" align="baseline">
            <Title order={2} size="h5">
              {title}
            </Title>
            <Text size="xs" c="dimmed">
              {time}
            </Text>
          </Group>
          {tickets && (
            <TicketLink size="xs" tickets={tickets} label={`${t('overview.tickets')}: ${title}`}>
              {t('overview.tickets')}
            </TicketLink>
          )}
        </Group>
        {children}
      </div>
    </Card>
  );
}
