import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { BarePage } from '../../components/bare-page.tsx';
import { Failure } from '../../components/failure.tsx';
import { ApiError } from '../../data/call-api.ts';
import { invitationQuery } from '../../data/people.ts';
import { PasswordForm } from './password-form.tsx';

/** Lets somebody who was invited choose a password. */
export function InvitationPage() {
  const { t } = useTranslation();
  const { code } = useParams({ from: '/invitation/$code' });
  const invitation = useQuery(invitationQuery(code));
  if (invitation.isPending) return null;
  if (invitation.isSuccess) {
    return (
      <BarePage title={t('invitation.title', { name: invitation.data.name })}>
        <PasswordForm code={code} user={invitation.data.user} role={invitation.data.role} />
      </BarePage>
    );
  }
  const isUnknown = invitation.error instanceof ApiError && invitation.error.status === 404;
  return (
    <BarePage title={isUnknown ? t('invitation.unknown') : t('failure.title')}>
      {isUnknown ? (
        <>
          <Text>{t('invitation.unknownHint')}</Text>
          <Anchor renderRoot={(link) => <Link to="/sign-in" {...link} />}>{t('signIn.title')}</Anchor>
        </>
      ) : (
        <Failure error={invitation.error} retry={() => void invitation.refetch()} />
      )}
    </BarePage>
  );
}
