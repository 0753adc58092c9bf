import { Alert, Card, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { MarkedWords } from '../../components/marked-words.tsx';
import { Saying } from '../../components/saying.tsx';
import type { Trial } from '../../data/api-types.ts';
import { joinParts } from '../tickets/ticket/ticket-text.tsx';
import classes from './parts-card.module.css';

/** The mail as it was read, each part with what it is and why. Engines read the own words alone. */
export function PartsCard({ result }: { result: Trial['result'] }) {
  const { t } = useTranslation();
  const { bodyText, automatic, classification } = result;
  const parts = joinParts(result.parts).filter(({ start, end }) => bodyText.slice(start, end).trim() !== '');
  return (
    <Card withBorder component="section" aria-label={t('try.parts')}>
      <Title order={2} size="h5">
        {t('try.parts')}
      </Title>
      <Text size="xs" c="dimmed" mb="sm">
        {t('try.partsHint')}
      </Text>
      {automatic && (
        <Alert color="gray" mb="sm" title={t('ticket.automatic')}>
          <Saying text={automatic.reason} facts={automatic.reasonFacts} />
        </Alert>
      )}
      {parts.length === 0 && <Text c="dimmed">{t('ticket.noText')}</Text>}
      <div className={classes.parts}>
        {parts.map(({ kind, start, end, reason, reasonFacts }) => (
          <div key={start} className={classes.part} data-kind={kind}>
            <div className={classes.kind}>
              {t(`part.${kind}`)}
              {reason !== '' && (
                <span>
                  <Saying text={reason} facts={reasonFacts} />
                </span>
              )}
            </div>
            <MarkedWords
              text={bodyText.slice(start, end).trim()}
              phrases={kind === 'own' ? classification.decidingWords : []}
            />
          </div>
        ))}
      </div>
    </Card>
  );
}
