import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PageFrame } from '../../components/page-frame.tsx';
import { useMay } from '../../data/me.ts';
import { TokenSection } from './token-section.tsx';
import { UserSection } from './user-section.tsx';

/** Who may use this installation: users, and tokens of integrations. Leads see the users, admins change both. */
export function PeoplePage() {
  const { t } = useTranslation();
  const isAdmin = useMay('admin');
  return (
    <PageFrame title={t('nav.people')} about={t('people.about')}>
      <Stack gap="xl" maw={960}>
        <UserSection isAdmin={isAdmin} />
        {isAdmin && <TokenSection />}
      </Stack>
    </PageFrame>
  );
}
