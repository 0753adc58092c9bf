import { Button, Container, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from './use-page-title.ts';

export function PageMissing() {
  const { t } = useTranslation();
  usePageTitle(t('failure.missing'));
  return (
    <Container size="sm" py="xl">
      <Stack>
        <Title order={1} size="h3">
          {t('failure.missing')}
        </Title>
        <Text>{t('failure.missingHint')}</Text>
        <Button w="fit-content" renderRoot={(props) => <Link to="/tickets" {...props} />}>
          {t('failure.home')}
        </Button>
      </Stack>
    </Container>
  );
}
