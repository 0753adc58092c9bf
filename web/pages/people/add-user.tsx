import { Button, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../components/failure.tsx';
import type { Role } from '../../data/me.ts';
import { useUserChanges } from '../../data/people.ts';
import { RoleSelect } from './role-select.tsx';
import { ShownOnce } from './shown-once.tsx';

/** Asks who the new user is, and then shows the link for that user. */
export function AddUser({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const { add } = useUserChanges();
  const [role, setRole] = useState<Role>('agent');
  const close = () => {
    add.reset();
    onClose();
  };
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={t('people.addUser')}
      closeButtonProps={{ 'aria-label': t('keys.close') }}
    >
      {add.isSuccess ? (
        <Stack>
          <ShownOnce label={t('people.link')} text={`${window.location.origin}${add.data.invitation.path}`}>
            {t('people.linkHint')}
          </ShownOnce>
          <Button variant="default" onClick={close}>
            {t('people.done')}
          </Button>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const form = new FormData(event.currentTarget);
            const name = String(form.get('name') ?? '').trim();
            add.mutate({ id: String(form.get('id') ?? ''), role, ...(name !== '' && { name }) });
          }}
        >
          <Stack>
            {add.isError && <Failure error={add.error} />}
            <TextInput
              name="id"
              label={t('people.userId')}
              description={t('people.userIdHint')}
              autoComplete="off"
              autoCapitalize="none"
              required
              data-autofocus
            />
            <TextInput name="name" label={t('people.name')} autoComplete="off" />
            <RoleSelect label={t('people.role')} value={role} isExplained onChange={setRole} />
            <Button type="submit" loading={add.isPending}>
              {t('people.addUser')}
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
