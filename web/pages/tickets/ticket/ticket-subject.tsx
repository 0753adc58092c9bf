import { Title, type TitleOrder } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { MarkedWords } from '../../../components/marked-words.tsx';
import type { Ticket } from '../../../data/api-types.ts';
import classes from './ticket-subject.module.css';

/** The subject as a heading, with the deciding words marked: they stand as often here as in the text. */
export function TicketSubject({ ticket, id, order }: { ticket: Ticket; id: string; order: TitleOrder }) {
  const { t } = useTranslation();
  const { subject } = ticket.ticket;
  return (
    <Title order={order} size="h3" id={id} dir="auto" className={classes.subject} lineClamp={4}>
      {subject == null ? (
        t('ticket.noSubject')
      ) : (
        <MarkedWords text={subject} phrases={ticket.classification?.decidingWords ?? []} component="span" />
      )}
    </Title>
  );
}
