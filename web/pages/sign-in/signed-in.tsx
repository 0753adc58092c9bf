import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Me } from '../../data/api-types.ts';
import { callApi } from '../../data/call-api.ts';

/** For somebody who comes to the sign-in page and is signed in. */
export function SignedIn({ me, onGoOn }: { me: Me; onGoOn: () => void }) {
  const { t } = useTranslation();
  const signOut = async () => {
    await callApi('/v1/session', { method: 'DELETE' });
    window.location.assign('/sign-in');
  };
  return (
    <Stack>
      <Text>{t('account.signedInAs', { name: me.name })}</Text>
      <Group>
        <Button onClick={onGoOn}>{t('signIn.goOn')}</Button>
        {me.signedInBy !== 'proxy' && (
          <Button variant="default" onClick={() => void signOut()}>
            {t('account.signOut')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
