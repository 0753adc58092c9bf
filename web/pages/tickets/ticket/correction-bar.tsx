import { Group, Rating, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IntentPicker } from '../../../components/intent-picker.tsx';
import { PickerButton } from '../../../components/picker-button.tsx';
import { TeamPicker } from '../../../components/team-picker.tsx';
import type { Ticket } from '../../../data/api-types.ts';
import { useGiveFeedback } from '../../../data/feedback.ts';
import { meQuery, useMay } from '../../../data/me.ts';
import { FeedbackResult } from './feedback-result.tsx';
import { MoveButton } from './move-button.tsx';

type Open = 'intent' | 'team' | null;

/** Corrects intent or team, and rates the explanation. `c` and `t` open the searches. */
export function CorrectionBar({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const may = useMay('agent');
  const me = useQuery(meQuery);
  const [open, setOpen] = useState<Open>(null);
  const { give, given, undo, error, isPending } = useGiveFeedback(ticket.ticketId);
  const bar = useRef<HTMLDivElement>(null);
  const toggle = (which: Exclude<Open, null>) => setOpen((now) => (now === which ? null : which));
  // A search is hidden while its button is out of view, as below in a long ticket.
  const toggleByKey = (which: Exclude<Open, null>) => {
    bar.current?.scrollIntoView({ block: 'nearest' });
    toggle(which);
  };
  const isDecided = ticket.decision !== null;
  useHotkeys(
    may && isDecided
      ? [
          ['c', () => toggleByKey('intent')],
          ['t', () => toggleByKey('team')],
        ]
      : [],
  );
  if (!may || !isDecided) return null;
  const leave = () => setOpen(null);
  const runnersUp = ticket.classification?.runnersUp.map(({ intent }) => intent) ?? [];
  return (
    <div ref={bar}>
      <Group gap="xs">
        <PickerButton
          isOpen={open === 'intent'}
          onLeave={leave}
          label={t('correct.intent')}
          shortcut="c"
          onPress={() => toggle('intent')}
        >
          <IntentPicker
            suggested={runnersUp}
            onChoose={(intent) => {
              leave();
              give({ intent });
            }}
            onNoneFits={() => {
              leave();
              give({ outOfScope: true });
            }}
            onLeave={leave}
          />
        </PickerButton>
        <PickerButton
          isOpen={open === 'team'}
          onLeave={leave}
          label={t('correct.team')}
          shortcut="t"
          onPress={() => toggle('team')}
        >
          <TeamPicker
            onChoose={(team) => {
              leave();
              give({ team });
            }}
            onLeave={leave}
          />
        </PickerButton>
        <Group gap={6}>
          <Text size="sm" id="rating-label">
            {t('correct.rate')}
          </Text>
          <Rating
            aria-labelledby="rating-label"
            getSymbolLabel={(value) => t('correct.stars', { count: value })}
            value={lastRating(ticket)}
            readOnly={isPending}
            onChange={(rating) => give({ rating })}
          />
        </Group>
      </Group>
      <Text size="xs" c="dimmed" mt={4}>
        {me.data?.learning === 'review' ? t('correct.afterReview') : t('correct.atOnce')}
      </Text>
      {ticket.moveTo !== null && given === null && (
        <Group gap="xs" mt="xs">
          <Text size="sm">{t('correct.elsewhere')}</Text>
          <MoveButton team={ticket.moveTo} onMove={(team) => give({ team })} />
        </Group>
      )}
      <FeedbackResult given={given} error={error} onMove={(team) => give({ team })} onUndo={undo} />
    </div>
  );
}

function lastRating({ feedback }: Ticket): number {
  return (
    feedback.findLast((entry) => entry.state !== 'undone' && entry.feedback.rating !== undefined)?.feedback.rating ?? 0
  );
}
