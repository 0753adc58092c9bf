import { Kbd, Modal, Table } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';

/** A list of the keys of a page, which `?` opens. */
export function KeyHelp({ keys }: { keys: readonly { readonly key: string; readonly does: string }[] }) {
  const { t } = useTranslation();
  const [isOpen, { toggle, close }] = useDisclosure();
  // With shift or without, as the keyboard has it.
  useHotkeys([
    ['shift+?', toggle],
    ['?', toggle],
  ]);
  return (
    <Modal opened={isOpen} onClose={close} title={t('keys.title')} closeButtonProps={{ 'aria-label': t('keys.close') }}>
      <Table>
        <Table.Tbody>
          {[...keys, { key: '?', does: t('keys.help') }].map(({ key, does }) => (
            <Table.Tr key={key}>
              <Table.Td w={90}>
                <Kbd>{key}</Kbd>
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
