import { Button, Group, Kbd, Paper, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { TeamName } from '../../components/team-name.tsx';
import type { ReviewItem } from '../../data/api-types.ts';
import { waitingExampleQuery } from '../../data/review.ts';
import type { DoneItem, ReviewQueue } from '../../data/review-queue.ts';
import { ticketQuery } from '../../data/tickets.ts';
import classes from './review-page.module.css';

type Last = { readonly last: DoneItem | null; readonly takenBack: ReviewItem | null; readonly queue: ReviewQueue };

/** What was said or taken back last, of which item, and what followed: the keys `u` and `m` are for what is named here. */
export function LastVerdict({ last, takenBack, queue }: Last) {
  if (takenBack !== null) return <TakenBack item={takenBack} hasMore={last !== null} queue={queue} />;
  return last === null ? null : <Said last={last} queue={queue} />;
}

function TakenBack({ item, hasMore, queue }: { item: ReviewItem; hasMore: boolean; queue: ReviewQueue }) {
  const { t } = useTranslation();
  return (
    <Bar act={hasMore && <Act shortcut="u" label={t('review.before')} onClick={() => void queue.undo()} />}>
      <Text size="sm" role="status" truncate>
        {t('review.takenBack')} <ItemName item={item} />
      </Text>
    </Bar>
  );
}

function Said({ last, queue }: { last: DoneItem; queue: ReviewQueue }) {
  const { t } = useTranslation();
  const { item, said, result, movedBy } = last;
  const moveTo = result?.moveTo ?? null;
  const movedTo = result?.movedTo ?? (movedBy === null ? null : moveTo);
  return (
    <Bar act={<Act shortcut="u" label={t('correct.undo')} onClick={() => void queue.undo()} />}>
      <Group gap={6} role="status" miw={0} fz="sm">
        <Text size="sm" truncate miw={0}>
          <ItemName item={item} />:
        </Text>
        <span>{t(`review.said.${said.verdict}`)}</span>
        {movedTo !== null && (
          <>
            <span>{t('review.moved')}</span> <TeamName id={movedTo} />
          </>
        )}
        {result?.exampleWaits && <span>{t('correct.waits')}</span>}
      </Group>
      {moveTo !== null && movedTo === null && (
        <Act shortcut="m" variant="default" onClick={() => void queue.move()} label={<MoveTo team={moveTo} />} />
      )}
    </Bar>
  );
}

function MoveTo({ team }: { team: string }) {
  const { t } = useTranslation();
  return (
    <>
      {t('correct.move')}&nbsp;
      <TeamName id={team} />
    </>
  );
}

/** The subject of the item's ticket or example, which was loaded to be looked at. */
function ItemName({ item: { ticketId, exampleId } }: { item: ReviewItem }) {
  const { t } = useTranslation();
  const ticket = useQuery({ ...ticketQuery(ticketId ?? ''), enabled: false }).data;
  const example = useQuery({ ...waitingExampleQuery(exampleId ?? ''), enabled: false }).data;
  const name = ticketId === null ? (example?.subject ?? exampleId) : ticket?.ticket.subject;
  return (
    <Text span inherit fw={600} dir="auto">
      {name ?? openingOf(ticket?.ticket.body ?? '') ?? t('ticket.noSubject')}
    </Text>
  );
}

const OPENING_LENGTH = 60;

/** The first words of a ticket without a subject. */
function openingOf(body: string): string | null {
  const text = body.trim();
  if (text === '') return null;
  return text.length <= OPENING_LENGTH ? text : `${text.slice(0, OPENING_LENGTH).trimEnd()}…`;
}

function Bar({ act, children }: { act: ReactNode; children: ReactNode }) {
  return (
    <Paper withBorder px="sm" py={6} className={classes.last}>
      <Group gap="xs" flex={1} miw={0}>
        {children}
      </Group>
      {act}
    </Paper>
  );
}

function Act(props: { shortcut: string; label: ReactNode; variant?: string; onClick(): void }) {
  const { shortcut, label, variant = 'subtle', onClick } = props;
  return (
    <Button
      size="compact-xs"
      flex="none"
      variant={variant}
      onClick={onClick}
      rightSection={<Kbd size="xs">{shortcut}</Kbd>}
    >
      {label}
    </Button>
  );
}
