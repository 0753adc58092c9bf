import { Button, CloseButton, Group, Kbd, Pill, Popover, Select, Stack, TextInput } from '@mantine/core';
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatShare } from '../../../src/sentences/format-share.ts';
import type { FilterName, TicketFilter } from '../../data/ticket-filter.ts';
import classes from './filter-bar.module.css';
import { useFilterChoices } from './use-filter-choices.ts';

const TYPING_MS = 250;

/** The search and the filters of the list. All of it stands in the address. */
export function FilterBar({ filter }: { filter: TicketFilter }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const choices = useFilterChoices();
  const [isOpen, setOpen] = useState(false);
  const set = (name: FilterName, value: string | null, replace = false) =>
    void navigate({ to: '.', search: (before) => withValue(before, name, value), replace, resetScroll: false });
  const chosen = choices.flatMap(({ name, options }) => {
    const value = filter[name];
    if (value === undefined) return [];
    return [
      { name: name as FilterName, text: options.find((option) => option.value === value)?.label.trim() ?? value },
    ];
  });
  if (filter.correctedFrom !== undefined) {
    const intents = choices.find(({ name }) => name === 'intent')?.options;
    const text = intents?.find(({ value }) => value === filter.correctedFrom)?.label.trim() ?? filter.correctedFrom;
    chosen.push({ name: 'correctedFrom', text });
  }
  for (const name of ['receivedAfter', 'receivedBefore'] as const) {
    const value = filter[name];
    if (value !== undefined) chosen.push({ name, text: formatMoment(value, i18n.language) });
  }
  for (const name of ['minConfidence', 'maxConfidence'] as const) {
    const value = filter[name];
    if (value !== undefined) chosen.push({ name, text: formatShare(Number(value), i18n.language) });
  }
  return (
    <div className={classes.bar}>
      <Group gap="xs" wrap="nowrap">
        <SearchField words={filter.q ?? ''} onChange={(words) => set('q', words, true)} />
        <Popover opened={isOpen} onChange={setOpen} position="bottom-end" width={320} trapFocus>
          <Popover.Target>
            <Button variant="default" onClick={() => setOpen((now) => !now)}>
              {t('filter.title')}
            </Button>
          </Popover.Target>
          <Popover.Dropdown>
            <Stack gap="xs">
              {choices.map(({ name, options }) => (
                <Select
                  key={name}
                  size="sm"
                  label={t(`filter.${name}`)}
                  placeholder={t('filter.any')}
                  data={options}
                  value={filter[name] ?? null}
                  onChange={(value) => set(name, value)}
                  searchable={options.length > 8}
                  // The first one has the focus at once, and would lie over the others.
                  openOnFocus={false}
                  clearable
                  comboboxProps={{ withinPortal: false }}
                />
              ))}
            </Stack>
          </Popover.Dropdown>
        </Popover>
      </Group>
      {chosen.length > 0 && (
        <Group gap={6} mt="xs">
          {chosen.map(({ name, text }) => (
            <Pill
              key={name}
              withRemoveButton
              onRemove={() => set(name, null)}
              removeButtonProps={{
                'aria-label': t('filter.remove', { name: t(`filter.${name}`) }),
                tabIndex: 0,
                'aria-hidden': false,
              }}
            >
              {t(`filter.${name}`)}: {text}
            </Pill>
          ))}
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => void navigate({ to: '.', search: {}, resetScroll: false })}
          >
            {t('tickets.clear')}
          </Button>
        </Group>
      )}
    </div>
  );
}

function SearchField({ words, onChange }: { words: string; onChange(words: string): void }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(words);
  const tell = useDebouncedCallback(onChange, TYPING_MS);
  // The address may change by itself, as with the browser's back button.
  useEffect(() => {
    if (document.activeElement !== field.current) setTyped(words);
  }, [words]);
  // What was searched for before is replaced by typing.
  useHotkeys([
    [
      '/',
      () => {
        field.current?.focus();
        field.current?.select();
      },
    ],
  ]);
  const change = (text: string) => {
    setTyped(text);
    tell(text.trim());
  };
  return (
    <TextInput
      ref={field}
      flex={1}
      type="search"
      aria-label={t('filter.q')}
      placeholder={t('filter.q')}
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' && event.key !== 'Enter') return;
        // Browsers would empty the field on Escape. Left with either key, the list has j and k.
        event.preventDefault();
        event.currentTarget.blur();
      }}
      rightSection={
        typed === '' ? (
          <Kbd size="xs">/</Kbd>
        ) : (
          <CloseButton size="sm" aria-label={t('tickets.clear')} onClick={() => change('')} />
        )
      }
    />
  );
}

function withValue(filter: TicketFilter, name: FilterName, value: string | null): TicketFilter {
  const { [name]: _, ...others } = filter;
  return value === null || value === '' ? others : { ...others, [name]: value };
}

/** A moment as a day and a time; what is none, as it stands in the address. */
function formatMoment(text: string, language: string): string {
  const moment = new Date(text);
  return Number.isNaN(moment.getTime())
    ? text
    : moment.toLocaleString(language, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
}
