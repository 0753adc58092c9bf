import { Alert, Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../components/failure.tsx';
import { PasswordField } from '../../components/password-field.tsx';
import { ApiError, callApi } from '../../data/call-api.ts';
import type { Role } from '../../data/me.ts';

/** Sets the password, which also signs in. */
export function PasswordForm({ code, user, role }: { code: string; user: string; role: Role }) {
  const { t } = useTranslation();
  const choose = useMutation({
    mutationFn: (password: string) =>
      callApi(`/v1/invitations/${encodeURIComponent(code)}`, { method: 'POST', body: { password } }),
    onSuccess: () => window.location.assign('/'),
  });
  const isWeak = choose.error instanceof ApiError && choose.error.status === 400;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        choose.mutate(String(new FormData(event.currentTarget).get('password') ?? ''));
      }}
    >
      <Stack>
        <Text>{t('invitation.hint', { role: t(`role.${role}`) })}</Text>
        {choose.isError && !isWeak && <Failure error={choose.error} />}
        {isWeak && (
          <Alert color="red" role="alert">
            {t('invitation.weak')}
          </Alert>
        )}
        {/* Password managers keep the password under this name. */}
        <TextInput name="user" label={t('invitation.user')} value={user} readOnly autoComplete="username" />
        <PasswordField
          name="password"
          label={t('invitation.password')}
          description={t('invitation.passwordHint')}
          autoComplete="new-password"
          required
          withAsterisk={false}
          autoFocus
        />
        <Button type="submit" loading={choose.isPending || choose.isSuccess}>
          {t('invitation.submit')}
        </Button>
      </Stack>
    </form>
  );
}
