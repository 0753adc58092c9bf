import { Anchor, Badge, Card, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { languageName } from '../../../../src/sentences/language-name.ts';
import { Confidence } from '../../../components/confidence.tsx';
import { Fact, Facts } from '../../../components/facts.tsx';
import { IntentPath } from '../../../components/intent-path.tsx';
import { Saying } from '../../../components/saying.tsx';
import type { Classification, Ticket } from '../../../data/api-types.ts';
import classes from './classification-card.module.css';
import { IntentHeadline, isCorrected, SaidIntent } from './said-intent.tsx';

/** What the customer wants as people said it or the engine read it, how sure that is, why, and what else it may be. */
export function ClassificationCard({
  ticket,
  showsAbstaining = true,
}: {
  ticket: Pick<Ticket, 'classification'> & { readonly feedback?: Ticket['feedback'] };
  /** False where it is said beside the card. */
  showsAbstaining?: boolean;
}) {
  const { t, i18n } = useTranslation();
  const { classification } = ticket;
  if (classification === null) return null;
  const said = { classification, feedback: ticket.feedback ?? [] };
  const { abstained, abstainReason, reasoning, urgency, sentiment, language, stage } = classification;
  return (
    <Card withBorder component="section" aria-label={t('ticket.classification')}>
      <Stack gap="xs">
        <Group gap="xs" justify="space-between" wrap="nowrap" align="start">
          <Title order={2} size="h5">
            <IntentHeadline {...said} />
          </Title>
          {!isCorrected(said) && <Confidence value={classification.confidence} />}
        </Group>
        <SaidIntent {...said} />
        {abstained && showsAbstaining && (
          <Text size="sm" component="div">
            <Badge size="xs" variant="default" me={6}>
              {t('ticket.abstained')}
            </Badge>
            {abstainReason !== null && <Saying text={abstainReason} facts={classification.abstainFacts} />}
          </Text>
        )}
        {reasoning !== '' && (
          <Text size="sm">
            <Saying text={reasoning} facts={classification.reasoningFacts} />
          </Text>
        )}
        <Facts>
          <Fact name={t('ticket.stage')}>
            {t(`stage.${stage}`)}
            {classification.stageReason !== '' && (
              <Text size="xs" c="dimmed">
                <Saying text={classification.stageReason} facts={classification.stageFacts} />
              </Text>
            )}
          </Fact>
          {urgency && <Fact name={t('ticket.urgency')}>{t(`urgency.${urgency}`)}</Fact>}
          {sentiment && <Fact name={t('ticket.sentiment')}>{t(`sentiment.${sentiment}`)}</Fact>}
          {language && <Fact name={t('ticket.language')}>{languageName(language, i18n.language)}</Fact>}
        </Facts>
        <Alternatives classification={classification} />
      </Stack>
    </Card>
  );
}

function Alternatives({ classification }: { classification: Classification }) {
  const { t } = useTranslation();
  const { secondaryIntents, runnersUp, nearestExamples } = classification;
  return (
    <>
      {secondaryIntents.length > 0 && (
        <Listed title={t('ticket.secondary')}>
          {secondaryIntents.map((intent) => (
            <li key={intent}>
              <IntentPath id={intent} />
            </li>
          ))}
        </Listed>
      )}
      {runnersUp.length > 0 && (
        <Listed title={t('ticket.runnersUp')}>
          {runnersUp.map(({ intent, confidence }) => (
            <li key={intent}>
              <Group gap="xs" justify="space-between" wrap="nowrap">
                <IntentPath id={intent} />
                <Confidence value={confidence} />
              </Group>
            </li>
          ))}
        </Listed>
      )}
      {nearestExamples.length > 0 && (
        <Listed title={t('ticket.examples')}>
          {nearestExamples.map(({ id, intent, similarity }) => (
            <li key={id}>
              <Group gap="xs" justify="space-between" wrap="nowrap">
                <Anchor
                  inherit
                  c="inherit"
                  className={classes.example}
                  renderRoot={(props) => <Link to="/taxonomy" search={{ intent, example: id }} {...props} />}
                >
                  <IntentPath id={intent} short />{' '}
                  <Text span ff="monospace" size="xs" c="dimmed">
                    {id}
                  </Text>
                </Anchor>
                <Confidence value={Math.max(0, Math.min(1, similarity))} kind="similarity" />
              </Group>
            </li>
          ))}
        </Listed>
      )}
    </>
  );
}

function Listed({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div>
      <Title order={3} size="xs" c="dimmed" fw={600}>
        {title}
      </Title>
      <Text component="ul" size="sm" className="plain">
        {children}
      </Text>
    </div>
  );
}
