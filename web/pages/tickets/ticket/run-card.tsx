import { Card, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Fact, Facts } from '../../../components/facts.tsx';
import { formatCount, formatDuration, formatUsd } from '../../../components/format.ts';
import type { Ticket } from '../../../data/api-types.ts';

/** What the decision cost, how long it took, and the versions of what made it. */
export function RunCard({ ticket }: { ticket: Ticket }) {
  const { t, i18n } = useTranslation();
  const { classification, decision } = ticket;
  if (classification === null) return null;
  const { versions, usage, model, costUsd, latencyMs } = classification;
  const count = (value: number) => formatCount(value, i18n.language);
  const tokens = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  return (
    <Card withBorder component="section">
      <Title order={2} size="h6" mb="xs">
        {t('ticket.run')}
      </Title>
      <Facts>
        <Fact name={t('ticket.time')}>{formatDuration(latencyMs, i18n.language)}</Fact>
        <Fact name={t('ticket.cost')}>{formatUsd(costUsd, i18n.language)}</Fact>
        {tokens > 0 && (
          <Fact name={t('ticket.tokens')}>
            {t('ticket.tokenCounts', { read: count(tokens), written: count(usage.outputTokens) })}
          </Fact>
        )}
        {model && <Fact name={t('ticket.model')}>{model}</Fact>}
        {decision?.release && <Fact name={t('ticket.release')}>{decision.release}</Fact>}
        {Object.entries(versions).map(([name, version]) =>
          version === null ? null : (
            <Fact key={name} name={t(`version.${name as keyof typeof versions}`)}>
              {version}
            </Fact>
          ),
        )}
        <Fact name={t('ticket.revision')}>{ticket.revision}</Fact>
        <Fact name={t('ticket.id')}>{ticket.ticketId}</Fact>
      </Facts>
    </Card>
  );
}
