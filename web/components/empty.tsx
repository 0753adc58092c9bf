import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** Says why nothing is here and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Stack align="center" gap="xs" p="xl" ta="center">
      <Title order={2} size="h4">
        {title}
      </Title>
      <Text c="dimmed" component="div" maw="min(480px, 100%)">
        {children}
      </Text>
    </Stack>
  );
}
