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
  const { classification, decision, assignment, subject, opening } = row;
  const hasSubject = subject !== null && subject.trim() !== '';
  return (
    <Link
      to="/tickets/$ticketId"
      params={{ ticketId: row.ticketId }}
      search={filter}
      className={classes.link}
      data-ticket={row.ticketId}
      data-open={isOpen || undefined}
      data-selected={isSelected || undefined}
      aria-current={isOpen ? 'true' : undefined}
      onFocus={onSelect}
    >
      <span className={classes.line}>
        <span className={hasSubject ? classes.subject : classes.opening} dir="auto">
          {hasSubject ? subject : (opening ?? t('ticket.noSubject'))}
        </span>
        <span className={classes.time}>
          <Ago at={row.receivedAt} />
        </span>
      </span>
      <span className={classes.line}>
        <span className={classes.from} dir="auto">
          <RequesterName parts={[row.requester.name ?? row.requester.email]} />
          {row.requester.tier !== null && <span className={classes.quiet}> · {row.requester.tier}</span>}
        </span>
        <span className={classes.tags}>
          {decision !== null && <PriorityBadge priority={decision.priority} />}
          {assignment !== null && <TeamName id={assignment.team} />}
        </span>
      </span>
      <span className={classes.about}>
        {classification === null && row.said === null ? (
          <span className={classes.quiet}>{t('ticket.waiting')}</span>
        ) : (
          <IntentLine row={row} />
        )}
      </span>
    </Link>
  );
}

/** What the ticket is about: what people said, which the engine's confidence says nothing of, or else what the engine read. */
function IntentLine({ row: { classification, said } }: { row: TicketRow }) {
  const { t } = useTranslation();
  const intent = said === null ? (classification?.intent ?? null) : said.intent;
  const isCorrected = said !== null && said.intent !== classification?.intent;
  const unnamed = said === null ? t('ticket.noIntent') : t('ticket.nobody');
  return (
    <>
      <span className={classes.from}>
        {intent === null ? <span className={classes.quiet}>{unnamed}</span> : <IntentPath id={intent} short />}
      </span>
      {said !== null && (
        <Badge size="xs" variant="default">
          {isCorrected ? t('correct.corrected') : t('correct.confirmed')}
        </Badge>
      )}
      {said === null && classification?.abstained && (
        <Badge size="xs" variant="default">
          {t('ticket.abstained')}
        </Badge>
      )}
      {classification !== null && !isCorrected && <Confidence value={classification.confidence} />}
    </>
  );
}
