import { Box, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../components/failure.tsx';
import { PageFrame } from '../../components/page-frame.tsx';
import { useTrial } from '../../data/trial.ts';
import { PartsCard } from './parts-card.tsx';
import { RequestCard } from './request-card.tsx';
import { RulesCard } from './rules-card.tsx';
import { TicketForm } from './ticket-form.tsx';
import classes from './try-page.module.css';
import { VerdictCards } from './verdict-cards.tsx';

/** Paste a ticket and see what would happen to it, and why. Nothing is stored. */
export function TryPage() {
  const { t } = useTranslation();
  const trial = useTrial();
  return (
    <PageFrame title={t('nav.try')} about={t('try.about')}>
      <div className={classes.columns}>
        <Box>
          <TicketForm onTry={trial.mutate} isPending={trial.isPending} />
        </Box>
        <Stack gap="md" aria-live="polite" aria-busy={trial.isPending}>
          {trial.isError && <Failure error={trial.error} />}
          {trial.data === undefined && !trial.isError && (
            <Text c="dimmed" className={classes.waiting}>
              {t('try.nothingYet')}
            </Text>
          )}
          {trial.data && <VerdictCards result={trial.data.result} />}
        </Stack>
        {trial.data && (
          <Stack gap="md" className={classes.whole}>
            <RulesCard rules={trial.data.rules} decision={trial.data.result.decision} />
            <PartsCard result={trial.data.result} />
            <RequestCard
              request={trial.data.request}
              missing={{ text: trial.data.requestMissing ?? '', facts: trial.data.requestMissingFacts }}
            />
          </Stack>
        )}
      </div>
    </PageFrame>
  );
}
