import { Badge, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Ago } from '../../components/ago.tsx';
import { Failure } from '../../components/failure.tsx';
import type { User } from '../../data/api-types.ts';
import { meQuery } from '../../data/me.ts';
import { useUserChanges } from '../../data/people.ts';
import { AskFirst } from './ask-first.tsx';
import { RoleSelect } from './role-select.tsx';
import { ShownOnce } from './shown-once.tsx';

/** One user, with what an admin may change. Nobody changes or removes themselves. */
export function UserRow({ user, isAdmin }: { user: User; isAdmin: boolean }) {
  const { t } = useTranslation();
  const { change, invite, remove } = useUserChanges();
  const me = useQuery(meQuery).data;
  const isOneself = me?.actor.kind === 'user' && me.actor.id === user.id;
  const error = change.error ?? invite.error ?? remove.error;
  return (
    <Paper component="li" withBorder p="sm" mb="xs">
      <Stack gap="xs">
        <Group justify="space-between">
          <div style={{ minWidth: 0 }}>
            <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
              <bdi>{user.name}</bdi>
            </Text>
            <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {user.name === user.id ? '' : `${user.id} · `}
              {user.state === 'invited' ? t('people.invited') : <LastSeen at={user.lastSeenAt} />}
            </Text>
          </div>
          {isAdmin && !isOneself ? (
            <Group gap="xs">
              <RoleSelect
                label={t('people.roleOf', { name: user.name })}
                value={change.variables?.role ?? user.role}
                isDisabled={change.isPending}
                onChange={(role) => change.mutate({ id: user.id, role })}
              />
              <Button size="xs" variant="default" loading={invite.isPending} onClick={() => invite.mutate(user.id)}>
                {t('people.newLink')}
              </Button>
              <AskFirst
                label={t('people.remove')}
                question={t('people.removeQuestion', { name: user.name })}
                isPending={remove.isPending}
                onYes={() => remove.mutate(user.id)}
              />
            </Group>
          ) : (
            <Badge variant="light">{t(`role.${user.role}`)}</Badge>
          )}
        </Group>
        {error !== null && <Failure error={error} />}
        {invite.data && (
          <ShownOnce label={t('people.link')} text={`${window.location.origin}${invite.data.invitation.path}`}>
            {t('people.linkHint')}
          </ShownOnce>
        )}
      </Stack>
    </Paper>
  );
}

function LastSeen({ at }: { at: string | null }) {
  const { t } = useTranslation();
  if (at === null) return t('people.neverHere');
  return (
    <>
      {t('people.lastHere')} <Ago at={at} />
    </>
  );
}
