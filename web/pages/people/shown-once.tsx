import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** A link or a secret that the server will never show again. */
export function ShownOnce({ label, text, children }: { label: string; text: string; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Alert variant="default" title={label} role="status">
      <Stack gap="xs">
        <Text size="sm">{children}</Text>
        <Code block style={{ whiteSpace: 'pre-wrap', wordBreak: 'break-all' }}>
          {text}
        </Code>
        {/* Browsers let a page copy only over https or on this computer. */}
        {window.isSecureContext && (
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <Group>
                <Button size="xs" onClick={copy}>
                  {copied ? t('people.copied') : t('people.copy')}
                </Button>
              </Group>
            )}
          </CopyButton>
        )}
      </Stack>
    </Alert>
  );
}
