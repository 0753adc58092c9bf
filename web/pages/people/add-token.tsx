import { Button, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../components/failure.tsx';
import type { Role } from '../../data/me.ts';
import { useTokenChanges } from '../../data/people.ts';
import { RoleSelect } from './role-select.tsx';
import { ShownOnce } from './shown-once.tsx';

/** Asks what the token is for, and then shows its secret. */
export function AddToken({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const { add } = useTokenChanges();
  const [role, setRole] = useState<Role>('agent');
  const close = () => {
    add.reset();
    onClose();
  };
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={t('people.addToken')}
      closeButtonProps={{ 'aria-label': t('keys.close') }}
    >
      {add.isSuccess ? (
        <Stack>
          <ShownOnce label={t('people.secret', { name: add.data.token.name })} text={add.data.secret}>
            {t('people.secretHint')}
          </ShownOnce>
          <Button variant="default" onClick={close}>
            {t('people.done')}
          </Button>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate({ name: String(new FormData(event.currentTarget).get('name') ?? ''), role });
          }}
        >
          <Stack>
            {add.isError && <Failure error={add.error} />}
            <TextInput
              name="name"
              label={t('people.tokenName')}
              description={t('people.tokenNameHint')}
              autoComplete="off"
              required
              data-autofocus
            />
            <RoleSelect label={t('people.role')} value={role} isExplained onChange={setRole} />
            <Button type="submit" loading={add.isPending}>
              {t('people.addToken')}
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
