import { Badge, Button, Card, Group, Kbd, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IntentPath } from '../../components/intent-path.tsx';
import { IntentPicker } from '../../components/intent-picker.tsx';
import { PickerButton } from '../../components/picker-button.tsx';
import { TeamName } from '../../components/team-name.tsx';
import { TeamPicker } from '../../components/team-picker.tsx';
import type { ReviewItem, StoredFeedback, Ticket } from '../../data/api-types.ts';
import type { ReviewQueue, Said } from '../../data/review-queue.ts';
import classes from './review-page.module.css';
import { isJudged, useReviewKeys } from './use-review-keys.ts';
import { WhyItWaits } from './why-it-waits.tsx';

type Question = {
  readonly item: ReviewItem;
  readonly queue: ReviewQueue;
  /** Null for an example that was not made from one. */
  readonly ticket: Ticket | null;
  /** What a person said, where the item is about that. */
  readonly feedback: StoredFeedback | null;
  readonly choices: readonly string[];
};

/** Why the item waits, what was said or suggested, and everything that can be said of it. */
export function QuestionCard({ item, ticket, queue, feedback, choices }: Question) {
  const { t } = useTranslation();
  const [search, setSearch] = useState<'intent' | 'team' | null>(null);
  useReviewKeys({ item, queue, choices, open: setSearch });
  const say = (said: Said) => {
    setSearch(null);
    queue.decide(said);
  };
  return (
    <Card withBorder component="section" aria-label={t('review.question')}>
      <Stack gap="sm">
        <div>
          <Badge size="sm" variant="light">
            {t(`review.kind.${item.kind}`)}
          </Badge>
          <Text size="sm" mt={4} dir="auto">
            <WhyItWaits item={item} ticket={ticket} />
          </Text>
        </div>
        <Suggested item={item} feedback={feedback} />
        {isJudged(item) ? (
          <Group gap="xs">
            <Act shortcut="a" variant="filled" onClick={() => say({ verdict: 'approve' })}>
              {t('review.approve')}
            </Act>
            <Act shortcut="x" onClick={() => say({ verdict: 'reject' })}>
              {t('review.reject')}
            </Act>
          </Group>
        ) : (
          <>
            {item.suggestion?.intent && (
              <Act shortcut="r" variant="filled" onClick={() => say({ verdict: 'right' })}>
                {t('review.right')}
              </Act>
            )}
            {choices.length > 0 && (
              <section className={classes.choices} aria-label={t('review.choices')}>
                {choices.map((intent, index) => (
                  <Act key={intent} shortcut={`${index + 1}`} onClick={() => say({ verdict: 'wrong', intent })}>
                    <IntentPath id={intent} short />
                  </Act>
                ))}
              </section>
            )}
            <Group gap="xs">
              <PickerButton
                isOpen={search === 'intent'}
                label={t('review.search')}
                shortcut="c"
                onPress={() => setSearch('intent')}
                onLeave={() => setSearch(null)}
              >
                <IntentPicker
                  suggested={choices}
                  onChoose={(intent) => say({ verdict: 'wrong', intent })}
                  onNoneFits={() => say({ verdict: 'wrong', outOfScope: true })}
                  onLeave={() => setSearch(null)}
                />
              </PickerButton>
              <PickerButton
                isOpen={search === 'team'}
                label={t('review.otherTeam')}
                shortcut="t"
                onPress={() => setSearch('team')}
                onLeave={() => setSearch(null)}
              >
                <TeamPicker onChoose={(team) => say({ verdict: 'wrong', team })} onLeave={() => setSearch(null)} />
              </PickerButton>
              <Act shortcut="o" onClick={() => say({ verdict: 'wrong', outOfScope: true })}>
                {t('review.nobody')}
              </Act>
            </Group>
          </>
        )}
        <Act shortcut="s" variant="subtle" onClick={() => say({ verdict: 'skip' })}>
          {t('review.skip')}
        </Act>
      </Stack>
    </Card>
  );
}

/** What the engine or a person said. */
function Suggested({ item, feedback }: Pick<Question, 'item' | 'feedback'>) {
  const { t } = useTranslation();
  const { suggestion } = item;
  if (suggestion === null) return <Text>{t('ticket.noIntent')}</Text>;
  const { intent, outOfScope, team } = suggestion;
  const who = feedback === null || !isJudged(item) ? null : (feedback.feedback.by ?? feedback.actor.id);
  return (
    <div>
      {who !== null && (
        <Text size="xs" c="dimmed">
          {t('review.saidBy', { name: who })}
        </Text>
      )}
      <Title order={3} size="h5" component="div">
        {outOfScope ? t('review.nobody') : intent === null ? t('ticket.noIntent') : <IntentPath id={intent} />}
      </Title>
      {team !== null && <TeamName id={team} />}
      {feedback?.feedback.comment && isJudged(item) && (
        <Text size="sm" dir="auto" style={{ whiteSpace: 'pre-wrap' }}>
          {feedback.feedback.comment}
        </Text>
      )}
    </div>
  );
}

function Act(props: { shortcut: string; variant?: string; onClick(): void; children: ReactNode }) {
  const { shortcut, variant = 'default', onClick, children } = props;
  return (
    <Button
      size="xs"
      variant={variant}
      onClick={onClick}
      justify="space-between"
      rightSection={<Kbd size="xs">{shortcut}</Kbd>}
    >
      {children}
    </Button>
  );
}
