import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../../components/failure.tsx';
import { callApi } from '../../../data/call-api.ts';
import { useMay } from '../../../data/me.ts';

/** Takes back what a decision wrote to the helpdesk, after asking once. */
export function UndoDelivery({ decisionId, ticketId }: { decisionId: string; ticketId: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay('lead');
  const [isAsking, setAsking] = useState(false);
  const undo = useMutation({
    mutationFn: () => callApi(`/v1/decisions/${encodeURIComponent(decisionId)}/undo`, { method: 'POST' }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['ticket', ticketId] }),
  });
  if (!may) return null;
  if (undo.isError) return <Failure error={undo.error} retry={() => undo.mutate()} />;
  return isAsking ? (
    <Group gap="xs">
      <Text size="sm">{t('ticket.undoQuestion')}</Text>
      <Button size="xs" color="red" loading={undo.isPending} onClick={() => undo.mutate()}>
        {t('ticket.undoDelivery')}
      </Button>
      <Button size="xs" variant="default" onClick={() => setAsking(false)}>
        {t('ticket.keep')}
      </Button>
    </Group>
  ) : (
    <Button size="xs" variant="default" w="fit-content" onClick={() => setAsking(true)}>
      {t('ticket.undoDelivery')}
    </Button>
  );
}
