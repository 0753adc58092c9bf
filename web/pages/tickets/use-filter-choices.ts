import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { languageName } from '../../../src/sentences/language-name.ts';
import { countsQuery } from '../../data/counts.ts';
import { setupQuery } from '../../data/setup.ts';
import { flattenIntents, taxonomyQuery } from '../../data/taxonomy.ts';
import type { FilterName } from '../../data/ticket-filter.ts';

export type FilterChoice = {
  readonly name: Exclude<FilterName, 'q'>;
  readonly options: readonly { readonly value: string; readonly label: string }[];
};

/** What the list can be narrowed to, with names in the language of the page. */
export function useFilterChoices(): readonly FilterChoice[] {
  const { t, i18n } = useTranslation();
  const setup = useQuery(setupQuery).data;
  const taxonomy = useQuery(taxonomyQuery).data;
  const languages = useQuery(countsQuery({ by: 'language' })).data;
  const indent = (id: string) => '\u2003'.repeat(id.split('/').length - 1);
  return [
    { name: 'team', options: (setup?.teams ?? []).map(({ id, name }) => ({ value: id, label: name ?? id })) },
    {
      name: 'intent',
      options: flattenIntents(taxonomy?.intents ?? []).map(({ id, name }) => ({
        value: id,
        label: `${indent(id)}${name}`,
      })),
    },
    {
      name: 'language',
      options: (languages?.items ?? []).flatMap(({ value }) =>
        value === null ? [] : [{ value, label: languageName(value, i18n.language) }],
      ),
    },
    {
      name: 'stage',
      options: (['local', 'claude', 'second-opinion', 'correction', 'none'] as const).map((stage) => ({
        value: stage,
        label: t(`stage.${stage}`),
      })),
    },
    {
      name: 'mode',
      options: (['shadow', 'assist', 'auto'] as const).map((mode) => ({ value: mode, label: t(`mode.${mode}`) })),
    },
    {
      name: 'abstained',
      options: [
        { value: 'true', label: t('filter.abstainedTrue') },
        { value: 'false', label: t('filter.abstainedFalse') },
      ],
    },
    {
      name: 'connector',
      options: (setup?.connectors ?? []).map(({ name }) => ({ value: name, label: name })),
    },
    {
      name: 'state',
      options: (['received', 'decided'] as const).map((state) => ({ value: state, label: t(`state.${state}`) })),
    },
  ];
}
