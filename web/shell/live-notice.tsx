import { Alert } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLiveState } from '../data/use-live-events.ts';

/** Says when what is shown may be out of date. */
export function LiveNotice() {
  const { t } = useTranslation();
  const network = useNetwork();
  const online = network.online || isOwnMachine(window.location.hostname);
  const state = useLiveState();
  const client = useQueryClient();
  useEffect(() => {
    // The server also ends the stream of somebody who was removed, or has signed out elsewhere.
    if (state === 'lost') void client.invalidateQueries({ queryKey: ['me'] });
  }, [state, client]);
  if (online && state !== 'lost') return null;
  return (
    <Alert color="yellow" radius={0} role="status">
      {online ? t('live.lost') : t('live.offline')}
    </Alert>
  );
}

/** A server on the same machine is reached without a network. */
const isOwnMachine = (host: string): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(host);
