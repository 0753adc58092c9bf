import { Button, Kbd, Popover } from '@mantine/core';
import type { ReactNode } from 'react';

/** A button, with the key that does the same, below which a picker opens. */
export function PickerButton(props: {
  isOpen: boolean;
  label: string;
  shortcut: string;
  onPress(): void;
  onLeave(): void;
  children: ReactNode;
}) {
  const { isOpen, label, shortcut, onPress, onLeave, children } = props;
  return (
    <Popover
      opened={isOpen}
      onDismiss={onLeave}
      width={340}
      position="bottom-start"
      trapFocus
      returnFocus
      // While it faded out, its field would still take the next key.
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <Button size="xs" variant="default" onClick={onPress} rightSection={<Kbd size="xs">{shortcut}</Kbd>}>
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="xs">{isOpen && children}</Popover.Dropdown>
    </Popover>
  );
}
