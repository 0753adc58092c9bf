import { Container, Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../../components/use-page-title.ts';
import { useMay } from '../../data/me.ts';
import { TokenSection } from './token-section.tsx';
import { UserSection } from './user-section.tsx';

/** Who may use this installation: users, and tokens of integrations. Leads see the users, admins change both. */
export function PeoplePage() {
  const { t } = useTranslation();
  usePageTitle(t('nav.people'));
  const isAdmin = useMay('admin');
  return (
    <Container size="md" py="md">
      <Stack gap="xl">
        <Title order={1} size="h3">
          {t('nav.people')}
        </Title>
        <UserSection isAdmin={isAdmin} />
        {isAdmin && <TokenSection />}
      </Stack>
    </Container>
  );
}
