import { Combobox, Highlight, Text, TextInput, useCombobox } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { findOptions, type Option } from './find-options.ts';

/** More would take longer to read than typing another letter. */
const MAX_SHOWN = 50;

/**
 * A list to choose from, with a search above it. It is open and has the focus as soon as it is on the screen; Enter takes
 * the first that fits, Escape leaves.
 */
export function OptionPicker(props: {
  label: string;
  options: readonly Option[];
  /** Values that come first while nothing is typed. */
  suggested?: readonly string[];
  onChoose(value: string): void;
  onLeave(): void;
  footer?: ReactNode;
}) {
  const { label, options, suggested = [], onChoose, onLeave, footer } = props;
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const combobox = useCombobox({ opened: true });
  const found = findOptions({ options, words, suggested }).slice(0, MAX_SHOWN);
  const { selectFirstOption } = combobox;
  const searchField = useRef<HTMLInputElement>(null);
  useEffect(() => searchField.current?.focus(), []);
  const first = found[0]?.value;
  // biome-ignore lint/correctness/useExhaustiveDependencies: options may come after the words that look for them
  useEffect(() => {
    selectFirstOption();
  }, [words, first, selectFirstOption]);
  return (
    <Combobox store={combobox} onOptionSubmit={onChoose}>
      <Combobox.EventsTarget>
        <TextInput
          ref={searchField}
          mb="xs"
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onLeave();
          }}
          placeholder={label}
          aria-label={label}
        />
      </Combobox.EventsTarget>
      <Combobox.Options mah={320} style={{ overflowY: 'auto' }} tabIndex={0} aria-label={label}>
        {found.map(({ value, name, hint }) => (
          <Combobox.Option key={value} value={value}>
            <Highlight highlight={words.split(/\s+/).filter(Boolean)} size="sm" component="span">
              {name}
            </Highlight>
            {hint && (
              <Text size="xs" truncate>
                {hint}
              </Text>
            )}
          </Combobox.Option>
        ))}
        {found.length === 0 && <Combobox.Empty>{t('picker.none')}</Combobox.Empty>}
      </Combobox.Options>
      {footer && <Combobox.Footer>{footer}</Combobox.Footer>}
    </Combobox>
  );
}
