import { Button, Modal, Stack } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../components/failure.tsx';
import type { Role } from '../../data/me.ts';
import { RoleSelect } from './role-select.tsx';

/** Asks for what a user or a token needs and for its role, and then shows what is shown only once. */
export function AddDialog<Added, Entry>(props: {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  add: UseMutationResult<Added, Error, Entry>;
  /** What to send, from the fields of the form. */
  read: (form: FormData, role: Role) => Entry;
  /** What came of it. */
  show: (added: Added) => ReactNode;
  /** The fields above the role. */
  children: ReactNode;
}) {
  const { isOpen, onClose, title, add, read, show, children } = props;
  const { t } = useTranslation();
  const [role, setRole] = useState<Role>('agent');
  const close = () => {
    add.reset();
    onClose();
  };
  return (
    <Modal opened={isOpen} onClose={close} title={title} closeButtonProps={{ 'aria-label': t('keys.close') }}>
      {add.isSuccess ? (
        <Stack>
          {show(add.data)}
          <Button variant="default" onClick={close}>
            {t('people.done')}
          </Button>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate(read(new FormData(event.currentTarget), role));
          }}
        >
          <Stack>
            {add.isError && <Failure error={add.error} />}
            {children}
            <RoleSelect label={t('people.role')} value={role} isExplained onChange={setRole} />
            <Button type="submit" loading={add.isPending}>
              {title}
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
