import { Avatar, Dialog, Menu, Text, UnstyledButton, useMantineColorScheme, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Failure } from '../components/failure.tsx';
import type { Me } from '../data/api-types.ts';
import { useSignOut } from '../data/use-sign-out.ts';
import { chooseLanguage, type Language, languages } from '../texts/texts.ts';

const looks = ['auto', 'light', 'dark'] as const;

/** Who is signed in, language, look, sign-out. */
export function AccountMenu({ me }: { me: Me }) {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  return (
    <>
      <Dialog opened={signOut.isError} p={0}>
        <Failure error={signOut.error} retry={() => signOut.mutate()} />
      </Dialog>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <UnstyledButton>
            <Avatar name={me.name} variant="filled" color="indigo" size={32} />
            <VisuallyHidden>
              {t('account.title')}: {me.name}
            </VisuallyHidden>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            {me.signedInBy === 'none' ? t('account.local') : t('account.signedInAs', { name: me.name })}
            <Text size="xs">{t(`role.${me.role}`)}</Text>
          </Menu.Label>
          <Menu.Divider />
          <Menu.Label>{t('account.language')}</Menu.Label>
          {Object.entries(languages).map(([language, name]) => (
            <Menu.Item
              key={language}
              lang={language}
              fw={i18n.resolvedLanguage === language ? 700 : undefined}
              onClick={() => chooseLanguage(language as Language)}
            >
              {name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Label>{t('account.look')}</Menu.Label>
          {looks.map((look) => (
            <Menu.Item key={look} fw={colorScheme === look ? 700 : undefined} onClick={() => setColorScheme(look)}>
              {t(`account.${look}`)}
            </Menu.Item>
          ))}
          {me.signedInBy === 'none' && (
            <>
              <Menu.Divider />
              <Menu.Item component="a" href="/sign-in">
                {t('account.signIn')}
              </Menu.Item>
            </>
          )}
          {me.signedInBy !== 'none' && me.signedInBy !== 'proxy' && (
            <>
              <Menu.Divider />
              <Menu.Item onClick={() => signOut.mutate()}>{t('account.signOut')}</Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
