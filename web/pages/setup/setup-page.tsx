import { SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { PageFrame } from '../../components/page-frame.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { setupQuery } from '../../data/setup.ts';
import { ConnectorList } from './connector-list.tsx';
import { DoctorCard } from './doctor-card.tsx';
import { RunningCard } from './running-card.tsx';
import { StepsCard } from './steps-card.tsx';
import { TeamsCard } from './teams-card.tsx';

/** What runs here, what is missing, and what must be fixed. */
export function SetupPage() {
  const { t } = useTranslation();
  const query = useQuery(setupQuery);
  return (
    <PageFrame title={t('nav.setup')} about={t('setup.about')}>
      <QueryView query={query} loading={t('setup.loading')}>
        {(setup) => (
          <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
            <Stack gap="md">
              <StepsCard steps={setup.next} />
              <ConnectorList connectors={setup.connectors} />
              <TeamsCard teams={setup.teams} />
            </Stack>
            <Stack gap="md">
              <RunningCard setup={setup} />
              <DoctorCard />
            </Stack>
          </SimpleGrid>
        )}
      </QueryView>
    </PageFrame>
  );
}
