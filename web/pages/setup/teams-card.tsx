import { Card, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Fact, Facts } from '../../components/facts.tsx';
import type { Setup } from '../../data/api-types.ts';

/** The teams that tickets go to, with their members. */
export function TeamsCard({ teams }: { teams: Setup['teams'] }) {
  const { t } = useTranslation();
  return (
    <Card withBorder component="section" aria-label={t('setup.teams')}>
      <Title order={2} size="h5" mb="xs">
        {t('setup.teams')}
      </Title>
      <Facts>
        {teams.map(({ id, name, members }) => (
          <Fact key={id} name={name}>
            {members.length === 0 ? (
              <Text span size="sm" c="dimmed">
                {t('setup.noMembers')}
              </Text>
            ) : (
              members.join(', ')
            )}
          </Fact>
        ))}
      </Facts>
    </Card>
  );
}
