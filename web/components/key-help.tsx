import { Button, Kbd, Modal, Portal, Table } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';

/** Where the header has room for what belongs to a page. */
export const PAGE_TOOLS_ID = 'page-tools';

/** A list of the keys of a page, which `?` opens, and a button in the header that says so. */
export function KeyHelp({ keys }: { keys: readonly { readonly key: string; readonly does: string }[] }) {
  const { t } = useTranslation();
  const [isOpen, { toggle, close }] = useDisclosure();
  // With shift or without, as the keyboard has it.
  useHotkeys([
    ['shift+?', toggle],
    ['?', toggle],
  ]);
  return (
    <>
      <Portal target={`#${PAGE_TOOLS_ID}`}>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          visibleFrom="sm"
          c="dimmed"
          fw={400}
          rightSection={<Kbd size="xs">?</Kbd>}
          onClick={(event) => {
            event.currentTarget.blur(); // While a button has the focus, Enter is for it.
            toggle();
          }}
        >
          {t('keys.title')}
        </Button>
      </Portal>
      <Modal
        opened={isOpen}
        onClose={close}
        title={t('keys.title')}
        closeButtonProps={{ 'aria-label': t('keys.close') }}
      >
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
    </>
  );
}
