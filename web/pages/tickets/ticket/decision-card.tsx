import { Badge, Card, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Ago } from '../../../components/ago.tsx';
import { Fact, Facts } from '../../../components/facts.tsx';
import { PriorityBadge } from '../../../components/priority-badge.tsx';
import { Saying } from '../../../components/saying.tsx';
import { TeamName } from '../../../components/team-name.tsx';
import type { Ticket } from '../../../data/api-types.ts';
import { UndoDelivery } from './undo-delivery.tsx';

/** Whose the ticket is now, what was decided, by which rule and why, and what became of it in the helpdesk. */
export function DecisionCard({
  ticket,
}: {
  ticket: Pick<Ticket, 'ticketId' | 'decision' | 'assignment' | 'delivery'>;
}) {
  const { t, i18n } = useTranslation();
  const { decision, assignment, delivery } = ticket;
  const moment = (at: string) =>
    new Date(at).toLocaleString(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  if (decision === null) {
    return (
      <Card withBorder component="section">
        <Text c="dimmed">{t('ticket.undecided')}</Text>
      </Card>
    );
  }
  const hasMoved = assignment !== null && assignment.team !== decision.team;
  // Whoever was to get it in the team of the decision does not get it in another one.
  const assignee = assignment?.assignee ?? (hasMoved ? null : decision.assignee);
  return (
    <Card withBorder component="section" aria-label={t('ticket.decision')}>
      <Stack gap="xs">
        <Group gap="xs">
          <TeamName id={assignment?.team ?? decision.team} />
          {assignee !== null && <Text size="sm">{assignee}</Text>}
          <PriorityBadge priority={decision.priority} />
          {decision.tags.map((tag) => (
            <Badge key={tag} size="sm" variant="default">
              {tag}
            </Badge>
          ))}
        </Group>
        {hasMoved && (
          <Text size="sm" c="dimmed" component="div">
            {t('ticket.decidedFor')} <TeamName id={decision.team} />
          </Text>
        )}
        <Text size="sm">
          <Saying text={decision.because} facts={decision.becauseFacts} />
        </Text>
        <Facts>
          <Fact name={t('ticket.rule')}>{decision.rule}</Fact>
          <Fact name={t('ticket.mode')}>{t(`mode.${decision.mode}`)}</Fact>
          <Fact name={t('ticket.urgency')}>{t(`urgency.${decision.urgency}`)}</Fact>
          {decision.sla.firstResponseDueAt && (
            <Fact name={t('ticket.firstResponse')}>{moment(decision.sla.firstResponseDueAt)}</Fact>
          )}
          {decision.sla.resolutionDueAt && (
            <Fact name={t('ticket.resolution')}>{moment(decision.sla.resolutionDueAt)}</Fact>
          )}
          {delivery && (
            <Fact name={t('ticket.delivery')}>
              {t(`delivery.${delivery.state}`)}
              {delivery.at && (
                <>
                  {' · '}
                  <Ago at={delivery.at} />
                </>
              )}
              {delivery.reason && (
                <Text size="xs" c="dimmed">
                  <Saying text={delivery.reason} facts={delivery.reasonFacts} />
                </Text>
              )}
            </Fact>
          )}
        </Facts>
        {delivery?.state === 'delivered' && <UndoDelivery decisionId={decision.id} ticketId={ticket.ticketId} />}
      </Stack>
    </Card>
  );
}
