/** Languages (BCP 47) that have a template of the internal note (src/pipeline/note/). */
export const noteLanguages = ['en', 'de', 'es', 'fr', 'it', 'nl', 'pt'] as const;
export type NoteLanguage = (typeof noteLanguages)[number];
