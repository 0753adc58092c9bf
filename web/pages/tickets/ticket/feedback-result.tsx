import { Alert, Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../../components/failure.tsx';
import { Saying } from '../../../components/saying.tsx';
import type { GivenFeedback } from '../../../data/api-types.ts';
import { MoveButton } from './move-button.tsx';

/** What became of feedback that was just given: learned at once, or waiting for a review; and a button to undo it. */
export function FeedbackResult(props: {
  given: GivenFeedback | null;
  error: Error | null;
  onMove(team: string): void;
  onUndo(): void;
}) {
  const { given, error, onMove, onUndo } = props;
  const { t } = useTranslation();
  if (error !== null) return <Failure error={error} />;
  if (given === null) return null;
  const { feedback, state, why, moveTo, exampleWaits, waitsFacts } = given;
  const isCorrection = feedback.intent !== undefined || feedback.outOfScope === true;
  const waits = state === 'waiting' || exampleWaits !== null;
  const reason = why ?? exampleWaits;
  return (
    <Alert color={waits ? 'yellow' : 'teal'} mt="xs" role="status">
      <Group justify="space-between" wrap="nowrap" align="start">
        <div>
          <Text size="sm">{waits ? t('correct.waits') : isCorrection ? t('correct.learned') : t('correct.saved')}</Text>
          {reason !== null && (
            <Text size="sm">
              <Saying text={reason} facts={waitsFacts} />
            </Text>
          )}
          {moveTo !== null && (
            <Group gap="xs" mt={4}>
              <Text size="sm">{t('correct.stays')}</Text>
              <MoveButton team={moveTo} onMove={onMove} />
            </Group>
          )}
        </div>
        <Button size="xs" variant="default" onClick={onUndo} flex="none">
          {t('correct.undo')}
        </Button>
      </Group>
    </Alert>
  );
}
