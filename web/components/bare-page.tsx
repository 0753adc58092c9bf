import { Container, Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from './use-page-title.ts';

/** A page without navigation, for somebody who is not signed in yet. */
export function BarePage({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation();
  usePageTitle(title);
  return (
    <Container size={440} py="xl" component="main">
      <Text c="dimmed" size="sm" mb="xs">
        {t('app.name')}
      </Text>
      <Paper withBorder p="lg">
        <Title order={1} size="h3" mb="md">
          {title}
        </Title>
        {children}
      </Paper>
    </Container>
  );
}
