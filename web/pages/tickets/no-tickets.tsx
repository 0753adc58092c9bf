import { Anchor, Code, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../components/empty.tsx';
import type { TicketFilter } from '../../data/ticket-filter.ts';

/** Why the list is empty: no ticket came yet, or none fits the filter. */
export function NoTickets({ filter }: { filter: TicketFilter }) {
  const { t } = useTranslation();
  if (Object.keys(filter).length > 0) {
    return (
      <Empty title={t('tickets.noneFits')}>
        <Anchor renderRoot={(props) => <Link to="/tickets" search={{}} {...props} />}>{t('tickets.clear')}</Anchor>
      </Empty>
    );
  }
  return (
    <Empty title={t('tickets.none')}>
      <Text size="sm">{t('tickets.noneHint')}</Text>
      <Code block my="sm" ta="start">
        {`curl -s '${window.location.origin}/v1/tickets?wait=5s' \\
  -H 'content-type: application/json' \\
  -d '{"body": "I was charged twice and want the money back"}'`}
      </Code>
      <Anchor size="sm" renderRoot={(props) => <Link to="/setup" {...props} />}>
        {t('tickets.noneSetup')}
      </Anchor>
    </Empty>
  );
}
