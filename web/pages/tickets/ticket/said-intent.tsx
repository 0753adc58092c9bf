import { Badge, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { IntentPath } from '../../../components/intent-path.tsx';
import type { StoredFeedback, Ticket } from '../../../data/api-types.ts';

/** What a person said of the intent last, as it stands beside what the engine said. */
export function SaidIntent({ ticket }: { ticket: Pick<Ticket, 'classification' | 'feedback'> }) {
  const { t } = useTranslation();
  const said = lastOfIntent(ticket.feedback);
  if (said === null) return null;
  const { intent } = said.feedback;
  const isSame = intent !== undefined && intent === ticket.classification?.intent;
  return (
    <Group gap={6} fz="sm">
      <Badge size="xs" variant="default">
        {isSame ? t('correct.confirmed') : t('correct.corrected')}
      </Badge>
      {!isSame && (intent === undefined ? t('picker.noneFits') : <IntentPath id={intent} />)}
      <Text size="xs" c="dimmed">
        {said.feedback.by ?? said.actor.id}
        {said.state === 'waiting' && ` · ${t('feedback.waiting')}`}
      </Text>
    </Group>
  );
}

/** The last feedback about the intent that was not undone. */
function lastOfIntent(feedback: readonly StoredFeedback[]): StoredFeedback | null {
  const ofIntent = ({ state, feedback: { intent, outOfScope } }: StoredFeedback) =>
    state !== 'undone' && (intent !== undefined || outOfScope === true);
  return feedback.findLast(ofIntent) ?? null;
}
