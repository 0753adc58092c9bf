import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatShare } from '../../../src/sentences/format-share.ts';
import { formatCount } from '../../components/format.ts';
import type { TicketFilter } from '../../data/ticket-filter.ts';
import classes from './overview.module.css';

export type Share = {
  readonly key: string;
  readonly name: ReactNode;
  readonly count: number;
  /** A line below its name. */
  readonly note?: string;
  /** A colour of the theme, such as `indigo.6`. */
  readonly color: string;
  /** Null where no filter of the list selects just these. */
  readonly tickets: TicketFilter | null;
};

/** Parts of a whole as bars, each a link to its tickets. It reads as a list of names and numbers. */
export function ShareList({ shares, total }: { shares: readonly Share[]; total: number }) {
  const { i18n } = useTranslation();
  return (
    <ul className={classes.shares}>
      {shares.map(({ key, name, count, note, color, tickets }) => (
        <li key={key} className={classes.share}>
          {tickets === null ? (
            <Text span size="sm">
              {name}
            </Text>
          ) : (
            <Anchor size="sm" c="inherit" renderRoot={(props) => <Link to="/tickets" search={tickets} {...props} />}>
              {name}
            </Anchor>
          )}
          <span className={classes.value}>
            {formatCount(count, i18n.language)}{' '}
            <Text span size="xs" c="dimmed">
              {total === 0 ? '' : formatShare(count / total, i18n.language)}
            </Text>
          </span>
          <span className={classes.bar} aria-hidden="true">
            <span
              className={classes.filled}
              style={{
                inlineSize: `${total === 0 ? 0 : (count / total) * 100}%`,
                background: `var(--mantine-color-${color.replace('.', '-')})`,
              }}
            />
          </span>
          {note !== undefined && (
            <Text span size="xs" c="dimmed" className={classes.note}>
              {note}
            </Text>
          )}
        </li>
      ))}
    </ul>
  );
}
