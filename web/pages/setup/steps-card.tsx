import { Anchor, Card, Progress, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Saying } from '../../components/saying.tsx';
import type { Setup } from '../../data/api-types.ts';
import classes from './steps-card.module.css';

type Step = Setup['next'][number];

/** The steps from a fresh installation to one that is live; the first that is open says what to do. */
export function StepsCard({ steps }: { steps: readonly Step[] }) {
  const { t } = useTranslation();
  const done = steps.filter((step) => step.done).length;
  const first = steps.find((step) => !step.done);
  return (
    <Card withBorder component="section" aria-label={t('setup.steps')}>
      <Title order={2} size="h5">
        {first === undefined ? t('setup.allDone') : t('setup.steps')}
      </Title>
      <Text size="sm" c="dimmed" mb={6}>
        {t('setup.stepsDone', { done, all: steps.length })}
      </Text>
      <Progress value={(done / Math.max(1, steps.length)) * 100} mb="sm" aria-label={t('setup.steps')} />
      <ol className={`plain ${classes.steps}`}>
        {steps.map((step) => (
          <li key={step.id} data-done={step.done || undefined} data-next={step === first || undefined}>
            <span className={classes.mark} aria-hidden="true">
              {step.done ? '✓' : ''}
            </span>
            <div>
              <Text fw={600} size="sm">
                {t(`stepTitle.${step.id}`)}
                <Text span size="xs" c="dimmed" fw={400}>
                  {' · '}
                  {step.done ? t('setup.done') : t('setup.open')}
                </Text>
              </Text>
              <Text size="sm" c="dimmed">
                {step.done || step.detailFacts ? (
                  <Saying text={step.detail} facts={step.detailFacts} />
                ) : (
                  t(`stepTodo.${step.id}`)
                )}
              </Text>
              <StepLink step={step} />
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}

const links = {
  examples: '/taxonomy',
  'first-ticket': '/try',
  evaluation: '/evaluation',
} as const;

function StepLink({ step }: { step: Step }) {
  const { t } = useTranslation();
  const { run } = step;
  if (run !== undefined) {
    return (
      <Anchor size="sm" renderRoot={(link) => <Link to="/evaluation/$runId" params={{ runId: run }} {...link} />}>
        {t('evaluation.runTitle', { run })}
      </Anchor>
    );
  }
  const to = step.id in links ? links[step.id as keyof typeof links] : null;
  if (to === null) return null;
  return (
    <Anchor size="sm" renderRoot={(link) => <Link to={to} {...link} />}>
      {t(`nav.${to.slice(1) as 'taxonomy' | 'try' | 'evaluation'}`)}
    </Anchor>
  );
}
