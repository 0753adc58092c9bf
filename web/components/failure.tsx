import { Alert, Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../data/call-api.ts';
import { ErrorText } from './error-text.tsx';

/** What a request failed with, and a button to try again. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const isForbidden = error instanceof ApiError && error.status === 403;
  return (
    <Alert
      color={isForbidden ? 'yellow' : 'red'}
      title={isForbidden ? t('failure.forbidden') : t('failure.title')}
      role="alert"
    >
      <Text size="sm">
        <ErrorText error={error} />
      </Text>
      {retry && !isForbidden && (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={retry}>
            {t('failure.retry')}
          </Button>
        </Group>
      )}
    </Alert>
  );
}
