import { Anchor, AppShell, Burger, Group, NavLink, ScrollArea, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../components/failure.tsx';
import { PAGE_TOOLS_ID } from '../components/key-help.tsx';
import { ApiError } from '../data/call-api.ts';
import { meQuery } from '../data/me.ts';
import { AccountMenu } from './account-menu.tsx';
import { Forbidden } from './forbidden.tsx';
import { LiveNotice } from './live-notice.tsx';
import { isWithin, missingRole, navigation } from './navigation.ts';
import { useSignIn } from './use-sign-in.ts';

/** The navigation around every page, for who is signed in. */
export function Shell() {
  const { t } = useTranslation();
  const [isOpen, { toggle, close }] = useDisclosure();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const me = useQuery(meQuery);
  const signIn = useSignIn();
  const isSignedOut = me.error instanceof ApiError && me.error.status === 401;
  useEffect(() => {
    if (isSignedOut) signIn();
  }, [isSignedOut, signIn]);

  if (isSignedOut || me.isPending) return null;
  // What is known stays on the screen while the server is away.
  if (me.data === undefined) return <Failure error={me.error} retry={() => void me.refetch()} />;
  const missing = missingRole(path, me.data.role);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 200, breakpoint: 'md', collapsed: { mobile: !isOpen } }}
      padding={0}
    >
      <a className="skip" href="#content">
        {t('app.skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger opened={isOpen} onClick={toggle} hiddenFrom="md" size="sm" aria-label={t('app.menu')} />
          <Anchor renderRoot={(props) => <Link to="/tickets" {...props} />} underline="never" c="inherit" fw={700}>
            {t('app.name')}
          </Anchor>
          <Text c="dimmed" size="sm" truncate flex={1}>
            {me.data.company}
          </Text>
          <div id={PAGE_TOOLS_ID} />
          <AccountMenu me={me.data} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="nav" aria-label={t('app.menu')}>
        <AppShell.Section grow component={ScrollArea}>
          {navigation(me.data.role).map(({ to, label }) => (
            <NavLink
              key={to}
              label={t(label)}
              active={isWithin(path, to)}
              aria-current={path === to ? 'page' : undefined}
              renderRoot={(props) => <Link to={to} onClick={close} {...props} />}
            />
          ))}
        </AppShell.Section>
        <AppShell.Section>
          <NavLink label={t('app.docs')} href="/docs" />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <LiveNotice />
        {missing === null ? <Outlet /> : <Forbidden me={me.data} needed={missing} />}
      </AppShell.Main>
    </AppShell>
  );
}
