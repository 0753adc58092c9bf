import { Alert, Anchor, Button, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../components/failure.tsx';
import { PasswordField } from '../../components/password-field.tsx';
import type { Credentials } from '../../data/api-types.ts';
import { ApiError, callApi } from '../../data/call-api.ts';

/** Takes a user and a password, or a token. */
export function SignInForm({ onSignedIn }: { onSignedIn: () => void }) {
  const { t } = useTranslation();
  const [byToken, setByToken] = useState(false);
  const signIn = useMutation({
    mutationFn: (body: Credentials) => callApi('/v1/session', { method: 'POST', body }),
    onSuccess: onSignedIn,
  });
  return (
    <form
      // Uncontrolled fields: what a password manager fills in counts, whichever events it sends.
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const text = (name: string) => String(form.get(name) ?? '');
        signIn.mutate(byToken ? { token: text('token') } : { user: text('user'), password: text('password') });
      }}
    >
      <Stack>
        {signIn.isError && <Refusal error={signIn.error} byToken={byToken} />}
        {byToken ? (
          <PasswordField
            key="token"
            name="token"
            label={t('signIn.token')}
            description={t('signIn.tokenHint')}
            autoComplete="off"
            required
            withAsterisk={false}
            autoFocus
          />
        ) : (
          <>
            <TextInput
              name="user"
              label={t('signIn.user')}
              autoComplete="username"
              autoCapitalize="none"
              required
              withAsterisk={false}
              autoFocus
            />
            <PasswordField
              name="password"
              label={t('signIn.password')}
              autoComplete="current-password"
              required
              withAsterisk={false}
            />
          </>
        )}
        <Button type="submit" loading={signIn.isPending || signIn.isSuccess}>
          {t('signIn.submit')}
        </Button>
        <Anchor
          component="button"
          type="button"
          size="sm"
          onClick={() => {
            signIn.reset();
            setByToken(!byToken);
          }}
        >
          {byToken ? t('signIn.byPassword') : t('signIn.byToken')}
        </Anchor>
      </Stack>
    </form>
  );
}

function Refusal({ error, byToken }: { error: unknown; byToken: boolean }) {
  const { t } = useTranslation();
  const code = error instanceof ApiError ? error.code : '';
  if (code !== 'wrong-credentials' && code !== 'too-many-requests') return <Failure error={error} />;
  const wrong = byToken ? t('signIn.wrongToken') : t('signIn.wrongPassword');
  return (
    <Alert color="red" role="alert">
      {code === 'wrong-credentials' ? wrong : t('signIn.tooMany')}
    </Alert>
  );
}
