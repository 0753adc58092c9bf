import { ActionIcon, Anchor, Group, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams, useRouter } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Ago } from '../../../components/ago.tsx';
import { Empty } from '../../../components/empty.tsx';
import { PriorityBadge } from '../../../components/priority-badge.tsx';
import { QueryView } from '../../../components/query-view.tsx';
import { RequesterName } from '../../../components/requester-name.tsx';
import { usePageTitle } from '../../../components/use-page-title.ts';
import type { Ticket } from '../../../data/api-types.ts';
import { ApiError } from '../../../data/call-api.ts';
import { helpdeskLink } from '../../../data/helpdesk-link.ts';
import { ticketQuery } from '../../../data/tickets.ts';
import { useLiveEvents } from '../../../data/use-live-events.ts';
import { useTicketFilter } from '../../../data/use-ticket-filter.ts';
import { ClassificationCard } from './classification-card.tsx';
import { CorrectionBar } from './correction-bar.tsx';
import { DecisionCard } from './decision-card.tsx';
import { FeedbackCard } from './feedback-card.tsx';
import { RunCard } from './run-card.tsx';
import { TicketSubject } from './ticket-subject.tsx';
import { TicketText } from './ticket-text.tsx';
import classes from './ticket-view.module.css';
import { TimeLine } from './time-line.tsx';

/** One ticket: its words, what was decided and why, what happened, and how to correct it. */
export function TicketView() {
  const { t } = useTranslation();
  const { ticketId } = useParams({ from: '/shell/tickets/$ticketId' });
  const filter = useTicketFilter();
  const client = useQueryClient();
  const query = useQuery(ticketQuery(ticketId));
  usePageTitle(query.data === undefined ? null : (query.data.ticket.subject ?? t('ticket.noSubject')));
  const refresh = () => void client.invalidateQueries({ queryKey: ['ticket', ticketId] });
  useLiveEvents({
    onEvent: (event) => {
      if (event.ticketId === ticketId) refresh();
    },
    onOpen: refresh,
  });
  const isMissing = query.error instanceof ApiError && query.error.status === 404;
  const alone = (failure: ReactNode) => (
    <Stack p="md" align={isMissing ? 'center' : 'start'}>
      {isMissing ? <Empty title={t('ticket.missing')}>{t('ticket.missingHint')}</Empty> : failure}
      <Anchor renderRoot={(props) => <Link to="/tickets" search={filter} {...props} />}>
        {isMissing ? t('ticket.toList') : t('ticket.close')}
      </Anchor>
    </Stack>
  );
  return (
    <QueryView query={query} loading={t('ticket.loading')} alone={alone}>
      {/* By its id, so that nothing typed or said of one ticket is shown, or sent, with the next. */}
      {(ticket) => <TicketArticle key={ticketId} ticket={ticket} />}
    </QueryView>
  );
}

function TicketArticle({ ticket }: { ticket: Ticket }) {
  const article = useRef<HTMLElement>(null);
  const router = useRouter();
  // What was opened from the list is read next, with the keyboard and by screen readers. Who types keeps the focus.
  useEffect(() => {
    const isFirstPage = router.state.location.state.__TSR_index === 0;
    if (isFirstPage || document.activeElement?.matches('input, textarea')) return;
    article.current?.focus({ preventScroll: true });
  }, [router]);
  return (
    <article ref={article} tabIndex={-1} className={classes.ticket} aria-labelledby="ticket-subject">
      <TicketHeader ticket={ticket} />
      <CorrectionBar ticket={ticket} />
      <div className={classes.columns}>
        <div className={classes.text}>
          <TicketText ticket={ticket} />
        </div>
        <Stack gap="md" className={classes.side}>
          <DecisionCard ticket={ticket} />
          <ClassificationCard ticket={ticket} />
          <FeedbackCard ticket={ticket} />
          <RunCard ticket={ticket} />
        </Stack>
        <div className={classes.history}>
          <TimeLine ticket={ticket} />
        </div>
      </div>
    </article>
  );
}

function TicketHeader({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const filter = useTicketFilter();
  const { requester, source, channel } = ticket.ticket;
  const { decision } = ticket;
  const link = helpdeskLink(source?.url);
  return (
    <header>
      <Group justify="space-between" wrap="nowrap" align="start">
        <TicketSubject ticket={ticket} id="ticket-subject" order={1} />
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('ticket.close')}
          renderRoot={(props) => <Link to="/tickets" search={filter} {...props} />}
        >
          ✕
        </ActionIcon>
      </Group>
      <Group gap={0} c="dimmed" fz="sm" className={classes.about}>
        <Text span inherit dir="auto">
          <RequesterName parts={[requester?.name, requester?.email]} />
        </Text>
        {requester?.tier && (
          <Text span inherit>
            {requester.tier}
          </Text>
        )}
        <Ago at={ticket.receivedAt} />
        <Text span inherit>
          {[ticket.connector, channel].filter(Boolean).join(', ')}
        </Text>
        {link !== null && (
          <Anchor href={link} target="_blank" rel="noreferrer" inherit>
            {t('ticket.openInHelpdesk')}
          </Anchor>
        )}
        {decision && <PriorityBadge priority={decision.priority} />}
      </Group>
    </header>
  );
}
