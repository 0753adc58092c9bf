import { Button, Container, Stack, Text, Title } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

/** Shown in place of a page that broke. */
export function PageFailure({ error }: ErrorComponentProps) {
  const { t } = useTranslation();
  return (
    <Container size="sm" py="xl">
      <Stack>
        <Title order={1} size="h3">
          {t('failure.title')}
        </Title>
        <Text>{t('failure.page')}</Text>
        <Text ff="monospace" size="sm">
          {error instanceof Error ? error.message : String(error)}
        </Text>
        <Button w="fit-content" onClick={() => window.location.reload()}>
          {t('failure.reload')}
        </Button>
      </Stack>
    </Container>
  );
}
