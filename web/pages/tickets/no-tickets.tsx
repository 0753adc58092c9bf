import { Anchor, Code, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../components/empty.tsx';
import { meQuery } from '../../data/me.ts';
import type { TicketFilter } from '../../data/ticket-filter.ts';

/** Why the list is empty: no ticket came yet, or none fits the filter. */
export function NoTickets({ filter }: { filter: TicketFilter }) {
  const { t } = useTranslation();
  const me = useQuery(meQuery).data;
  // Only a server on one's own machine takes tickets from everybody.
  const needsToken = me !== undefined && me.signedInBy !== 'none';
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
  -H 'content-type: application/json' \\${needsToken ? `\n  -H 'authorization: Bearer TOKEN' \\` : ''}
  -d '{"body": "I was charged twice and want the money back"}'`}
      </Code>
      {needsToken && (
        <Text size="sm" mb="sm">
          {t('tickets.noneToken')}
        </Text>
      )}
      <Anchor size="sm" renderRoot={(props) => <Link to="/setup" {...props} />}>
        {t('tickets.noneSetup')}
      </Anchor>
    </Empty>
  );
}
