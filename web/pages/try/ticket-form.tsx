import { Button, Card, Collapse, Group, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncomingTicket } from '../../data/api-types.ts';
import { useDraft } from '../../data/use-draft.ts';

const fields = ['name', 'email', 'tier', 'channel'] as const;
type Fields = Readonly<Record<(typeof fields)[number], string>>;
const noFields: Fields = { name: '', email: '', tier: '', channel: '' };

/** Subject and body of a ticket, and what else rules may look at. Ctrl or ⌘ with Enter sends it. */
export function TicketForm({ onTry, isPending }: { onTry(ticket: IncomingTicket): void; isPending: boolean }) {
  const { t } = useTranslation();
  const [subject, setSubject] = useDraft('try:subject');
  const [body, setBody] = useDraft('try:body');
  const [more, setMore] = useState(noFields);
  const [isOpen, { toggle }] = useDisclosure();
  const isEmpty = subject.trim() === '' && body.trim() === '';
  const submit = (event: Pick<FormEvent, 'preventDefault'>) => {
    event.preventDefault();
    if (!isEmpty) onTry(ticketOf({ subject, body, ...more }));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
  };
  return (
    <Card withBorder component="form" onSubmit={submit} onKeyDown={onKeyDown}>
      <Stack gap="sm">
        <TextInput
          label={t('try.subject')}
          value={subject}
          dir="auto"
          onChange={(event) => setSubject(event.currentTarget.value)}
        />
        <Textarea
          label={t('try.body')}
          description={t('try.bodyHint')}
          value={body}
          dir="auto"
          autosize
          minRows={9}
          maxRows={24}
          onChange={(event) => setBody(event.currentTarget.value)}
        />
        <Button variant="subtle" size="compact-sm" w="fit-content" ms={-8} onClick={toggle} aria-expanded={isOpen}>
          {t('try.more')}
        </Button>
        <Collapse expanded={isOpen}>
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            {fields.map((field) => (
              <TextInput
                key={field}
                label={t(`try.field.${field}`)}
                value={more[field]}
                onChange={(event) => setMore({ ...more, [field]: event.currentTarget.value })}
              />
            ))}
          </SimpleGrid>
        </Collapse>
        <Group gap="sm">
          <Button type="submit" loading={isPending} disabled={isEmpty}>
            {t('try.send')}
          </Button>
          <Button
            variant="default"
            onClick={() => {
              setSubject(t('try.sample.subject'));
              setBody(t('try.sample.body'));
            }}
          >
            {t('try.sample.use')}
          </Button>
          <Text size="xs" c="dimmed">
            {t('try.stored')}
          </Text>
        </Group>
      </Stack>
    </Card>
  );
}

/** Only what was filled in: an empty field says nothing about a ticket. */
function ticketOf({ subject, body, name, email, tier, channel }: Fields & { subject: string; body: string }) {
  const given = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''));
  const requester = given({ name, email, tier });
  return { ...given({ subject, body, channel }), ...(Object.keys(requester).length > 0 && { requester }) };
}
