import { Box, VisuallyHidden } from '@mantine/core';
import { Outlet, useMatchRoute } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { KeyHelp } from '../../components/key-help.tsx';
import { StartingNotice } from '../../components/starting-notice.tsx';
import { usePageTitle } from '../../components/use-page-title.ts';
import { TicketList } from './ticket-list.tsx';
import classes from './tickets-page.module.css';

/** The inbox: the list, and beside it the ticket that is open. On a narrow screen one of the two. */
export function TicketsPage() {
  const { t } = useTranslation();
  const isOpen = useMatchRoute()({ to: '/tickets/$ticketId' }) !== false;
  usePageTitle(isOpen ? null : t('nav.tickets'));
  return (
    <div className={classes.page} data-open={isOpen || undefined}>
      <Box className={classes.list}>
        {!isOpen && (
          <VisuallyHidden>
            <h1>{t('nav.tickets')}</h1>
          </VisuallyHidden>
        )}
        <StartingNotice />
        <TicketList />
      </Box>
      <Box className={classes.ticket} data-scroll-top>
        <Outlet />
      </Box>
      <KeyHelp
        keys={[
          { key: 'j', does: t('keys.next') },
          { key: 'k', does: t('keys.previous') },
          { key: 'Enter', does: t('keys.open') },
          { key: 'Esc', does: t('keys.close') },
          { key: '/', does: t('keys.search') },
          { key: 'c', does: t('keys.correct') },
          { key: 't', does: t('keys.team') },
        ]}
      />
    </div>
  );
}
