import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Ago } from '../../components/ago.tsx';
import { Failure } from '../../components/failure.tsx';
import type { Token } from '../../data/api-types.ts';
import { tokensQuery, useTokenChanges } from '../../data/people.ts';
import { AddToken } from './add-token.tsx';
import { AskFirst } from './ask-first.tsx';

/** The tokens of integrations. */
export function TokenSection() {
  const { t } = useTranslation();
  const tokens = useQuery(tokensQuery);
  const [isAdding, { open, close }] = useDisclosure();
  return (
    <Stack component="section" aria-label={t('people.tokens')} gap="sm">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {t('people.tokens')}
        </Title>
        <Button onClick={open}>{t('people.addToken')}</Button>
      </Group>
      {tokens.isError && <Failure error={tokens.error} retry={() => void tokens.refetch()} />}
      {tokens.data?.items.length === 0 && <Text c="dimmed">{t('people.noTokens')}</Text>}
      <ul className="plain">
        {tokens.data?.items.map((token) => (
          <TokenRow key={token.id} token={token} />
        ))}
      </ul>
      <AddToken isOpen={isAdding} onClose={close} />
    </Stack>
  );
}

function TokenRow({ token }: { token: Token }) {
  const { t } = useTranslation();
  const { remove } = useTokenChanges();
  const { name, role, by, lastUsedAt } = token;
  return (
    <Paper component="li" withBorder p="sm" mb="xs">
      <Group justify="space-between">
        <div style={{ minWidth: 0 }}>
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Text>
          <Text size="sm" c="dimmed">
            {lastUsedAt === null ? t('people.neverUsed') : t('people.lastUsed')} {lastUsedAt && <Ago at={lastUsedAt} />}
            {` · ${t('people.madeBy', { name: by.id })}`}
          </Text>
        </div>
        <Group gap="xs">
          <Badge variant="light">{t(`role.${role}`)}</Badge>
          <AskFirst
            label={t('people.remove')}
            question={t('people.removeToken', { name })}
            isPending={remove.isPending}
            onYes={() => remove.mutate(token.id)}
          />
        </Group>
      </Group>
      {remove.isError && <Failure error={remove.error} />}
    </Paper>
  );
}
