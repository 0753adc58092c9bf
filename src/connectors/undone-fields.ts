import { list } from '../base/plural.ts';
import type { NoteLanguage } from './note-languages.ts';

/** A field of the helpdesk by its usual word, or a custom field by its title. */
export type FieldName = { readonly word: FieldWord } | { readonly title: string };
export type FieldWord = 'group' | 'queue' | 'assignee' | 'owner' | 'priority' | 'tags';

/** What became of each field that a delivery had written. */
export type UndoneFields = {
  readonly takenBack: readonly FieldName[];
  /** They stay, because somebody has changed them since. */
  readonly changedSince: readonly FieldName[];
  /** They still have what was written, because the helpdesk did not set them back. */
  readonly notPossible: readonly FieldName[];
};

type Texts = Readonly<Record<FieldWord | keyof UndoneFields, string>>;

const texts: Readonly<Record<NoteLanguage, Texts>> = {
  en: {
    ...{ group: 'group', queue: 'queue', assignee: 'assignee', owner: 'owner', priority: 'priority', tags: 'tags' },
    takenBack: 'Taken back',
    changedSince: 'Left, because somebody has changed it since',
    notPossible: 'Could not be set back',
  },
  de: {
    ...{ group: 'Gruppe', queue: 'Bereich', assignee: 'Bearbeiter', owner: 'Besitzer' },
    ...{ priority: 'Priorität', tags: 'Tags' },
    takenBack: 'Zurückgenommen',
    changedSince: 'Belassen, weil es seitdem jemand geändert hat',
    notPossible: 'Konnte nicht zurückgesetzt werden',
  },
  es: {
    ...{ group: 'grupo', queue: 'cola', assignee: 'agente asignado', owner: 'propietario' },
    ...{ priority: 'prioridad', tags: 'etiquetas' },
    takenBack: 'Retirado',
    changedSince: 'Sin tocar, porque alguien lo ha cambiado desde entonces',
    notPossible: 'No se ha podido restablecer',
  },
  fr: {
    ...{ group: 'groupe', queue: 'file', assignee: 'assigné', owner: 'propriétaire' },
    ...{ priority: 'priorité', tags: 'marqueurs' },
    takenBack: 'Retiré',
    changedSince: "Laissé, car quelqu'un l'a modifié depuis",
    notPossible: "N'a pas pu être rétabli",
  },
  it: {
    ...{ group: 'gruppo', queue: 'coda', assignee: 'assegnatario', owner: 'proprietario' },
    ...{ priority: 'priorità', tags: 'tag' },
    takenBack: 'Annullato',
    changedSince: "Lasciato, perché nel frattempo qualcuno l'ha modificato",
    notPossible: 'Non è stato possibile ripristinare',
  },
  nl: {
    ...{ group: 'groep', queue: 'wachtrij', assignee: 'toegewezen medewerker', owner: 'eigenaar' },
    ...{ priority: 'prioriteit', tags: 'tags' },
    takenBack: 'Teruggedraaid',
    changedSince: 'Gelaten, omdat iemand het sindsdien heeft gewijzigd',
    notPossible: 'Kon niet worden teruggezet',
  },
  pt: {
    ...{ group: 'grupo', queue: 'fila', assignee: 'agente atribuído', owner: 'proprietário' },
    ...{ priority: 'prioridade', tags: 'etiquetas' },
    takenBack: 'Retirado',
    changedSince: 'Mantido, porque alguém o alterou entretanto',
    notPossible: 'Não foi possível repor',
  },
};

/** Lines for the note of an undo, in the agents' language: one for each kind of end that a field had. */
export function undoneLines(fields: UndoneFields, language: NoteLanguage): string {
  const words = texts[language];
  const line = (end: keyof UndoneFields) =>
    fields[end].length === 0 ? [] : [`${words[end]}: ${namesOf(fields[end], words).join(', ')}`];
  return [...line('takenBack'), ...line('changedSince'), ...line('notPossible')].join('\n');
}

/** The same for the result of an undo: `group and priority; left, because somebody has changed them since: Intent`. */
export function describeUndone({ takenBack, changedSince, notPossible }: UndoneFields): string {
  const part = (start: string, fields: readonly FieldName[]) =>
    fields.length === 0 ? [] : [`${start}${list(namesOf(fields, texts.en), fields.length)}`];
  return [
    ...part('', takenBack),
    ...part('left, because somebody has changed them since: ', changedSince),
    ...part('could not be set back: ', notPossible),
  ].join('; ');
}

const namesOf = (fields: readonly FieldName[], words: Texts): string[] =>
  fields.map((field) => ('word' in field ? words[field.word] : field.title));
