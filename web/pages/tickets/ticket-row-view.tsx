import { Badge } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Ago } from '../../components/ago.tsx';
import { Confidence } from '../../components/confidence.tsx';
import { IntentPath } from '../../components/intent-path.tsx';
import { PriorityBadge } from '../../components/priority-badge.tsx';
import { RequesterName } from '../../components/requester-name.tsx';
import { TeamName } from '../../components/team-name.tsx';
import type { TicketRow } from '../../data/api-types.ts';
import type { TicketFilter } from '../../data/ticket-filter.ts';
import classes from './ticket-list.module.css';

/** One ticket of the list: what it is about, whose it is, and what was decided. */
export function TicketRowView(props: {
  row: TicketRow;
  filter: TicketFilter;
  isOpen: boolean;
  isSelected: boolean;
  onSelect(): void;
}) {
  const { row, filter, isOpen, isSelected, onSelect } = props;
  const { t } = useTranslation();
  const { classification, decision, assignment } = row;
  return (
    <Link
      to="/tickets/$ticketId"
      params={{ ticketId: row.ticketId }}
      search={filter}
      className={classes.link}
      data-open={isOpen || undefined}
      data-selected={isSelected || undefined}
      aria-current={isOpen ? 'true' : undefined}
      onFocus={onSelect}
    >
      <span className={classes.line}>
        <span className={classes.subject} dir="auto">
          {row.subject ?? t('ticket.noSubject')}
        </span>
        <span className={classes.quiet}>
          <Ago at={row.receivedAt} />
        </span>
      </span>
      <span className={classes.line}>
        <span className={classes.from} dir="auto">
          <RequesterName parts={[row.requester.name ?? row.requester.email]} />
          {row.requester.tier !== null && <span className={classes.quiet}> · {row.requester.tier}</span>}
        </span>
        {decision !== null && <PriorityBadge priority={decision.priority} />}
        {assignment !== null && <TeamName id={assignment.team} />}
      </span>
      <span className={classes.line}>
        {classification === null ? (
          <span className={classes.quiet}>{t('ticket.waiting')}</span>
        ) : (
          <>
            <span className={classes.from}>
              {classification.intent === null ? (
                <span className={classes.quiet}>{t('ticket.noIntent')}</span>
              ) : (
                <IntentPath id={classification.intent} short />
              )}
            </span>
            {classification.abstained && (
              <Badge size="xs" variant="default">
                {t('ticket.abstained')}
              </Badge>
            )}
            <Confidence value={classification.confidence} />
          </>
        )}
      </span>
    </Link>
  );
}
