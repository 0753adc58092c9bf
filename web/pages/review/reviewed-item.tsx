import { Anchor, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Ago } from '../../components/ago.tsx';
import { PriorityBadge } from '../../components/priority-badge.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { RequesterName } from '../../components/requester-name.tsx';
import type { ReviewItem, Ticket } from '../../data/api-types.ts';
import { waitingExampleQuery } from '../../data/review.ts';
import type { ReviewQueue } from '../../data/review-queue.ts';
import { ticketQuery } from '../../data/tickets.ts';
import { ClassificationCard } from '../tickets/ticket/classification-card.tsx';
import { DecisionCard } from '../tickets/ticket/decision-card.tsx';
import { TicketSubject } from '../tickets/ticket/ticket-subject.tsx';
import { TicketText } from '../tickets/ticket/ticket-text.tsx';
import { choicesOf } from './choices.ts';
import { QuestionCard } from './question-card.tsx';
import classes from './review-page.module.css';

type Reviewed = { readonly item: ReviewItem; readonly queue: ReviewQueue };

/** An item with its ticket, or with the example that it is about. */
export function ReviewedItem({ item, queue }: Reviewed) {
  return item.ticketId === null ? (
    <ReviewedExample item={item} queue={queue} exampleId={item.exampleId ?? ''} />
  ) : (
    <ReviewedTicket item={item} queue={queue} ticketId={item.ticketId} />
  );
}

function ReviewedTicket({ item, queue, ticketId }: Reviewed & { ticketId: string }) {
  const { t } = useTranslation();
  const query = useQuery(ticketQuery(ticketId));
  return (
    <QueryView query={query} loading={t('ticket.loading')}>
      {(ticket) => (
        <article aria-labelledby="review-subject">
          <Header ticket={ticket} />
          <div className={classes.columns}>
            <div className={classes.text}>
              <TicketText ticket={ticket} />
            </div>
            <div className={classes.question}>
              <QuestionCard
                item={item}
                ticket={ticket}
                queue={queue}
                feedback={ticket.feedback.find(({ id }) => id === item.feedbackId) ?? null}
                choices={choicesOf(ticket, item.suggestion?.intent ?? null)}
              />
            </div>
            <Stack gap="md" className={classes.side}>
              <ClassificationCard ticket={ticket} showsAbstaining={item.kind !== 'abstained'} />
              <DecisionCard ticket={ticket} />
            </Stack>
          </div>
        </article>
      )}
    </QueryView>
  );
}

function Header({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const { requester } = ticket.ticket;
  return (
    <header>
      <TicketSubject ticket={ticket} id="review-subject" order={2} />
      <Group gap="xs" c="dimmed" fz="sm" mb="sm">
        <Text span inherit dir="auto">
          <RequesterName parts={[requester?.name, requester?.email]} />
        </Text>
        <Ago at={ticket.receivedAt} />
        {ticket.decision && <PriorityBadge priority={ticket.decision.priority} />}
        <Anchor
          inherit
          renderRoot={(props) => (
            <Link to="/tickets/$ticketId" params={{ ticketId: ticket.ticketId }} search={{}} {...props} />
          )}
        >
          {t('review.openTicket')}
        </Anchor>
      </Group>
    </header>
  );
}

function ReviewedExample({ item, queue, exampleId }: Reviewed & { exampleId: string }) {
  const { t } = useTranslation();
  const query = useQuery(waitingExampleQuery(exampleId));
  return (
    <QueryView query={query} loading={t('review.loading')}>
      {(example) => (
        <article aria-labelledby="review-subject">
          <Title order={2} size="h3" mb="sm" id="review-subject" dir="auto">
            {example?.subject ?? exampleId}
          </Title>
          <div className={classes.columns}>
            <Card withBorder className={classes.text} component="section" aria-label={t('ticket.text')}>
              <Text dir="auto" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                {example?.body ?? t('ticket.noText')}
              </Text>
            </Card>
            <div className={classes.question}>
              <QuestionCard item={item} ticket={null} queue={queue} feedback={null} choices={[]} />
            </div>
          </div>
        </article>
      )}
    </QueryView>
  );
}
