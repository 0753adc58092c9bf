import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatPercent } from '../../components/format.ts';
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

/**
 * Parts of a whole as bars, each a link to its tickets. It reads as a list of names and numbers. `hasPercent` is false where a
 * part of this whole would be taken for a part of another.
 */
export function ShareList(options: { shares: readonly Share[]; total: number; hasPercent?: boolean }) {
  const { shares, total, hasPercent = true } = options;
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
            {formatCount(count, i18n.language)}
            {hasPercent && total > 0 && (
              <Text span size="xs" c="dimmed">
                {' '}
                {formatPercent(count / total, i18n.language, { maximumFractionDigits: 0 })}
              </Text>
            )}
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
