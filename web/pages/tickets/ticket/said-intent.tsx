import { Badge, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Confidence } from '../../../components/confidence.tsx';
import { IntentPath } from '../../../components/intent-path.tsx';
import type { Classification, StoredFeedback, Ticket } from '../../../data/api-types.ts';

type Said = { readonly classification: Classification; readonly feedback: Ticket['feedback'] };

/** What the ticket is about: what people said last, or else what the engine read. */
export function IntentHeadline({ classification, feedback }: Said) {
  const { t } = useTranslation();
  const said = lastOfIntent(feedback, 'applied');
  if (said !== null && said.feedback.intent === undefined) return t('ticket.nobody');
  const intent = said?.feedback.intent ?? classification.intent;
  return intent === null ? t('ticket.noIntent') : <IntentPath id={intent} />;
}

/** Whether people said something else than the engine. */
export function isCorrected({ classification, feedback }: Said): boolean {
  const said = lastOfIntent(feedback, 'applied');
  return said !== null && (said.feedback.intent ?? null) !== classification.intent;
}

/** Who said what of the intent, with what the engine said where that is something else, and what waits for a review. */
export function SaidIntent({ classification, feedback }: Said) {
  const { t } = useTranslation();
  const said = lastOfIntent(feedback, 'applied');
  const waiting = lastOfIntent(feedback, 'waiting');
  const isOther = isCorrected({ classification, feedback });
  return (
    <>
      {said !== null && (
        <Group gap={6}>
          <Badge size="xs" variant="default">
            {isOther ? t('correct.corrected') : t('correct.confirmed')}
          </Badge>
          <Who entry={said} />
        </Group>
      )}
      {isOther && (
        <Group gap={6} fz="xs" c="dimmed">
          {t('ticket.engineSaid')}
          {classification.intent === null ? t('ticket.noIntent') : <IntentPath id={classification.intent} />}
          <Confidence value={classification.confidence} />
        </Group>
      )}
      {waiting !== null && (
        <Group gap={6} fz="sm">
          <Badge size="xs" variant="default">
            {t('feedback.waiting')}
          </Badge>
          {waiting.feedback.intent === undefined ? t('picker.noneFits') : <IntentPath id={waiting.feedback.intent} />}
          <Who entry={waiting} />
        </Group>
      )}
    </>
  );
}

function Who({ entry }: { entry: StoredFeedback }) {
  return (
    <Text size="xs" c="dimmed">
      {entry.feedback.by ?? entry.actor.id}
    </Text>
  );
}

/** The last feedback about the intent in this state. */
function lastOfIntent(feedback: readonly StoredFeedback[], state: StoredFeedback['state']): StoredFeedback | null {
  const isOfIntent = (entry: StoredFeedback) =>
    entry.state === state && (entry.feedback.intent !== undefined || entry.feedback.outOfScope === true);
  return feedback.findLast(isOfIntent) ?? null;
}
