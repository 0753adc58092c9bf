import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useUserChanges } from '../../data/people.ts';
import { AddDialog } from './add-dialog.tsx';
import { ShownOnce } from './shown-once.tsx';

/** Asks who the new user is, and then shows the link for that user. */
export function AddUser({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const { add } = useUserChanges();
  return (
    <AddDialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('people.addUser')}
      add={add}
      read={(form, role) => {
        const name = String(form.get('name') ?? '').trim();
        return { id: String(form.get('id') ?? ''), role, ...(name !== '' && { name }) };
      }}
      show={({ invitation }) => (
        <ShownOnce label={t('people.link')} text={`${window.location.origin}${invitation.path}`}>
          {t('people.linkHint')}
        </ShownOnce>
      )}
    >
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
    </AddDialog>
  );
}
