import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** A button that asks before it does something that cannot be undone. */
export function AskFirst(props: { label: string; question: string; isPending: boolean; onYes: () => void }) {
  const { label, question, isPending, onYes } = props;
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  if (!isAsking) {
    return (
      <Button size="xs" variant="default" onClick={() => setAsking(true)}>
        {label}
      </Button>
    );
  }
  return (
    <Group gap="xs" role="group" aria-label={question}>
      <Text size="sm">{question}</Text>
      <Button size="xs" color="red" loading={isPending} onClick={onYes} autoFocus>
        {label}
      </Button>
      <Button size="xs" variant="default" onClick={() => setAsking(false)}>
        {t('people.keep')}
      </Button>
    </Group>
  );
}
