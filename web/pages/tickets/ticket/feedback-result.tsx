import { Alert, Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../../components/failure.tsx';
import type { GivenFeedback } from '../../../data/api-types.ts';

/** What became of feedback that was just given: learned at once, or waiting for a review; and a button to undo it. */
export function FeedbackResult(props: { given: GivenFeedback | null; error: Error | null; onUndo(): void }) {
  const { given, error, onUndo } = props;
  const { t } = useTranslation();
  if (error !== null) return <Failure error={error} />;
  if (given === null) return null;
  const { feedback, state, why, hint } = given;
  const isCorrection = feedback.intent !== undefined || feedback.outOfScope === true;
  return (
    <Alert color={state === 'waiting' ? 'yellow' : 'teal'} mt="xs" role="status">
      <Group justify="space-between" wrap="nowrap" align="start">
        <div>
          <Text size="sm">
            {state === 'waiting' ? t('correct.waits') : isCorrection ? t('correct.learned') : t('correct.saved')}
          </Text>
          {why && <Text size="sm">{why}</Text>}
          {hint && <Text size="sm">{hint}</Text>}
        </div>
        <Button size="xs" variant="default" onClick={onUndo}>
          {t('correct.undo')}
        </Button>
      </Group>
    </Alert>
  );
}
