import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { TicketFilter } from '../../data/ticket-filter.ts';

/** A link to the tickets behind a figure. Underlined, because a colour alone does not make a link within a text. */
export function TicketLink(options: { tickets: TicketFilter; label?: string; size?: string; children: ReactNode }) {
  const { tickets, label, size = 'sm', children } = options;
  return (
    <Anchor
      c="inherit"
      size={size}
      underline="always"
      aria-label={label}
      renderRoot={(props) => <Link to="/tickets" search={tickets} {...props} />}
    >
      {children}
    </Anchor>
  );
}
