import { Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './page-frame.module.css';
import { usePageTitle } from './use-page-title.ts';

/** A page that is read from top to bottom: its title, what it is for, what can be done, and its content. */
export function PageFrame(props: { title: string; about?: string; actions?: ReactNode; children: ReactNode }) {
  const { title, about, actions, children } = props;
  usePageTitle(title);
  return (
    <Stack className={classes.page} gap="lg">
      <Group justify="space-between" align="end" gap="sm">
        <div>
          <Title order={1} size="h3">
            {title}
          </Title>
          {about && (
            <Text c="dimmed" size="sm" maw={680}>
              {about}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      {children}
    </Stack>
  );
}
