import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Empty } from '../components/empty.tsx';
import type { Me } from '../data/api-types.ts';
import type { Role } from '../data/me.ts';

/** In place of a page that the role of who is signed in may not open: which role it needs. */
export function Forbidden({ me, needed }: { me: Me; needed: Role }) {
  const { t } = useTranslation();
  return (
    <Empty title={t('forbidden.title')}>
      <p>{t('forbidden.why', { needed: t(`role.${needed}`), own: t(`role.${me.role}`), name: me.name })}</p>
      <Anchor renderRoot={(props) => <Link to="/tickets" {...props} />}>{t('failure.home')}</Anchor>
    </Empty>
  );
}
