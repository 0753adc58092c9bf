import { Badge } from '@mantine/core';
import type { ReactNode } from 'react';

export type Tone = 'good' | 'warning' | 'bad' | 'info' | 'quiet';

/** Shades whose text has enough contrast in the light and in the dark look. */
const looks = {
  good: { variant: 'filled', color: 'green.4', autoContrast: true },
  warning: { variant: 'filled', color: 'yellow.5', autoContrast: true },
  bad: { variant: 'filled', color: 'red.9' },
  info: { variant: 'filled', color: 'blue.9' },
  quiet: { variant: 'default' },
} as const;

/** How something is, in a word; the colour only repeats what the word says. */
export function StatusBadge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <Badge size="sm" miw="max-content" {...looks[tone]}>
      {children}
    </Badge>
  );
}
