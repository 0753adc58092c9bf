import { expect, test } from 'vitest';
import { noteLanguages } from './note-languages.ts';
import { describeUndone, type UndoneFields, undoneLines } from './undone-fields.ts';

const fields: UndoneFields = {
  takenBack: [
    { word: 'queue' },
    { word: 'priority' },
    ...['Tags', 'Category', 'Confidence', 'Urgency', 'Language'].map((title) => ({ title })),
  ],
  changedSince: [{ word: 'owner' }],
  notPossible: [],
};

test('a result names every field, however many there are', () => {
  expect(describeUndone(fields)).toBe(
    'queue, priority, Tags, Category, Confidence, Urgency and Language; left, because somebody has changed them since: owner',
  );
  expect(describeUndone({ takenBack: [], changedSince: [], notPossible: [{ word: 'group' }] })).toBe(
    'could not be set back: group',
  );
});

test('a note names them in the language of the agents, and leaves out what did not happen', () => {
  expect(undoneLines(fields, 'de')).toBe(
    'Zurückgenommen: Bereich, Priorität, Tags, Category, Confidence, Urgency, Language\nBelassen, weil es seitdem jemand geändert hat: Besitzer',
  );
  expect(new Set(noteLanguages.map((language) => undoneLines(fields, language))).size).toBe(noteLanguages.length);
});
