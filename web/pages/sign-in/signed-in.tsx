import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../components/failure.tsx';
import type { Me } from '../../data/api-types.ts';
import { useSignOut } from '../../data/use-sign-out.ts';

/** For somebody who comes to the sign-in page and is signed in. */
export function SignedIn({ me, onGoOn }: { me: Me; onGoOn: () => void }) {
  const { t } = useTranslation();
  const signOut = useSignOut();
  return (
    <Stack>
      <Text>{t('account.signedInAs', { name: me.name })}</Text>
      <Group>
        <Button onClick={onGoOn}>{t('signIn.goOn')}</Button>
        {me.signedInBy !== 'proxy' && (
          <Button variant="default" onClick={() => signOut.mutate()}>
            {t('account.signOut')}
          </Button>
        )}
      </Group>
      {signOut.isError && <Failure error={signOut.error} />}
    </Stack>
  );
}
