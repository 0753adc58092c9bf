import { Button, Container, Stack, Text, Title } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { PageFileError, reloadWhenThere } from '../data/page-files.ts';

/** Shown in place of a page that broke, or whose file could not be loaded. */
export function PageFailure({ error }: ErrorComponentProps) {
  const { t } = useTranslation();
  const isFileMissing = error instanceof PageFileError;
  useEffect(() => (isFileMissing ? reloadWhenThere() : undefined), [isFileMissing]);
  return (
    <Container size="sm" py="xl">
      <Stack role="alert">
        <Title order={1} size="h3">
          {t('failure.title')}
        </Title>
        <Text>{isFileMissing ? t('failure.pageFile') : t('failure.page')}</Text>
        {!isFileMissing && (
          <Text ff="monospace" size="sm">
            {error instanceof Error ? error.message : String(error)}
          </Text>
        )}
        <Button w="fit-content" onClick={() => window.location.reload()}>
          {t('failure.reload')}
        </Button>
      </Stack>
    </Container>
  );
}
