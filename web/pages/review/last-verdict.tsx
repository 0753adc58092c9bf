import { Button, Group, Kbd, Paper, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { TeamName } from '../../components/team-name.tsx';
import type { DoneItem, ReviewQueue } from '../../data/review-queue.ts';

/** What was said last and what followed from it, with ways to move the ticket and to take it back. */
export function LastVerdict({ last, queue }: { last: DoneItem | null; queue: ReviewQueue }) {
  const { t } = useTranslation();
  if (last === null) return null;
  const { said, result, movedBy } = last;
  const moveTo = result?.moveTo ?? null;
  return (
    <Paper withBorder px="sm" py={6}>
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <Text size="sm" role="status">
            {t(`review.said.${said.verdict}`)}
            {result?.exampleWaits && ` ${t('correct.waits')}`}
          </Text>
          {moveTo !== null && movedBy === null && (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => void queue.move()}
              rightSection={<Kbd size="xs">m</Kbd>}
            >
              {t('correct.move')}&nbsp;
              <TeamName id={moveTo} />
            </Button>
          )}
          {moveTo !== null && movedBy !== null && (
            <Text size="sm" component="div">
              {t('review.moved')} <TeamName id={moveTo} />
            </Text>
          )}
        </Group>
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => void queue.undo()}
          rightSection={<Kbd size="xs">u</Kbd>}
        >
          {t('correct.undo')}
        </Button>
      </Group>
    </Paper>
  );
}
