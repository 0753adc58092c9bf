import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useTokenChanges } from '../../data/people.ts';
import { AddDialog } from './add-dialog.tsx';
import { ShownOnce } from './shown-once.tsx';

/** Asks what the token is for, and then shows its secret. */
export function AddToken({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const { add } = useTokenChanges();
  return (
    <AddDialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('people.addToken')}
      add={add}
      read={(form, role) => ({ name: String(form.get('name') ?? ''), role })}
      show={({ token, secret }) => (
        <ShownOnce label={t('people.secret', { name: token.name })} text={secret}>
          {t('people.secretHint')}
        </ShownOnce>
      )}
    >
      <TextInput
        name="name"
        label={t('people.tokenName')}
        description={t('people.tokenNameHint')}
        autoComplete="off"
        required
        data-autofocus
      />
    </AddDialog>
  );
}
