import { Card, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Fact, Facts } from '../../../components/facts.tsx';
import type { Ticket } from '../../../data/api-types.ts';

/** What the decision cost, how long it took, and the versions of what made it. */
export function RunCard({ ticket }: { ticket: Ticket }) {
  const { t, i18n } = useTranslation();
  const { classification, decision } = ticket;
  if (classification === null) return null;
  const { versions, usage, model, costUsd, latencyMs } = classification;
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 0 });
  const money = new Intl.NumberFormat(i18n.language, { style: 'currency', currency: 'USD', maximumFractionDigits: 5 });
  const tokens = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  return (
    <Card withBorder component="section">
      <Title order={2} size="h6" mb="xs">
        {t('ticket.run')}
      </Title>
      <Facts>
        <Fact name={t('ticket.time')}>{t('ticket.milliseconds', { value: number.format(latencyMs) })}</Fact>
        <Fact name={t('ticket.cost')}>{money.format(costUsd)}</Fact>
        {tokens > 0 && (
          <Fact name={t('ticket.tokens')}>
            {t('ticket.tokenCounts', { read: number.format(tokens), written: number.format(usage.outputTokens) })}
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
