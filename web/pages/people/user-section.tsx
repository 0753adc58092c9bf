import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../components/failure.tsx';
import { usersQuery } from '../../data/people.ts';
import { AddUser } from './add-user.tsx';
import { UserRow } from './user-row.tsx';

/** The people who sign in with a name of their own. */
export function UserSection({ isAdmin }: { isAdmin: boolean }) {
  const { t } = useTranslation();
  const users = useQuery(usersQuery);
  const [isAdding, { open, close }] = useDisclosure();
  return (
    <Stack component="section" aria-label={t('people.users')} gap="sm">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {t('people.users')}
        </Title>
        {isAdmin && <Button onClick={open}>{t('people.addUser')}</Button>}
      </Group>
      {users.isError && <Failure error={users.error} retry={() => void users.refetch()} />}
      {users.data?.items.length === 0 && <Text c="dimmed">{t('people.noUsers')}</Text>}
      <ul className="plain">
        {users.data?.items.map((user) => (
          <UserRow key={user.id} user={user} isAdmin={isAdmin} />
        ))}
      </ul>
      {isAdmin && <AddUser isOpen={isAdding} onClose={close} />}
    </Stack>
  );
}
