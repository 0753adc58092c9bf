import { Badge, Button, Card, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import type { KeyboardEvent, SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Ago } from '../../../components/ago.tsx';
import { Failure } from '../../../components/failure.tsx';
import { IntentPath } from '../../../components/intent-path.tsx';
import { TeamName } from '../../../components/team-name.tsx';
import type { StoredFeedback, Ticket } from '../../../data/api-types.ts';
import { useGiveFeedback, useUndoFeedback } from '../../../data/feedback.ts';
import { useMay } from '../../../data/me.ts';
import { useDraft } from '../../../data/use-draft.ts';

/** What people said about the ticket, and a place to say more. */
export function FeedbackCard({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const may = useMay('agent');
  const undo = useUndoFeedback(ticket.ticketId);
  if (ticket.feedback.length === 0 && !may) return null;
  return (
    <Card withBorder component="section" aria-label={t('feedback.title')}>
      <Title order={2} size="h6" mb="xs">
        {t('feedback.title')}
      </Title>
      <Stack gap="sm">
        {ticket.feedback.map((entry) => (
          <Entry key={entry.id} entry={entry} onUndo={may ? () => undo.mutate(entry.id) : null} />
        ))}
        {undo.isError && <Failure error={undo.error} />}
        {may && <Comment ticketId={ticket.ticketId} />}
      </Stack>
    </Card>
  );
}

function Entry({ entry, onUndo }: { entry: StoredFeedback; onUndo: (() => void) | null }) {
  const { t } = useTranslation();
  const { feedback, state } = entry;
  return (
    <div>
      <Group gap="xs">
        {feedback.intent && <IntentPath id={feedback.intent} />}
        {feedback.outOfScope && <Text size="sm">{t('picker.noneFits')}</Text>}
        {feedback.team && <TeamName id={feedback.team} />}
        {feedback.rating !== undefined && <Text size="sm">{t('correct.stars', { count: feedback.rating })}</Text>}
        {state !== 'applied' && (
          <Badge size="xs" variant="default">
            {t(`feedback.${state}`)}
          </Badge>
        )}
      </Group>
      {feedback.comment && (
        <Text size="sm" dir="auto" style={{ whiteSpace: 'pre-wrap' }}>
          {feedback.comment}
        </Text>
      )}
      <Group gap="xs">
        <Text size="xs" c="dimmed">
          {feedback.by ?? entry.actor.id} · <Ago at={entry.at} />
        </Text>
        {onUndo !== null && state !== 'undone' && (
          <Button size="compact-xs" variant="subtle" onClick={onUndo}>
            {t('correct.undo')}
          </Button>
        )}
      </Group>
    </div>
  );
}

function Comment({ ticketId }: { ticketId: string }) {
  const { t } = useTranslation();
  const [text, setText] = useDraft(`comment:${ticketId}`);
  const { give, error, isPending } = useGiveFeedback(ticketId, {
    // What was typed after it was sent stays.
    onGiven: ({ comment }) => setText((now) => (now.trim() === comment ? '' : now)),
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (text.trim() !== '' && !isPending) give({ comment: text.trim() });
  };
  // Left with Escape, the list has j and k, and the ticket stays open: what was typed is kept.
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Escape') event.currentTarget.blur();
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
  };
  return (
    <form onSubmit={submit}>
      <Textarea
        size="sm"
        autosize
        minRows={2}
        maxLength={10_000}
        label={t('feedback.comment')}
        description={t('feedback.commentHint')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {error !== null && <Failure error={error} />}
      <Button type="submit" size="xs" mt="xs" variant="default" loading={isPending} disabled={text.trim() === ''}>
        {t('feedback.send')}
      </Button>
    </form>
  );
}
