import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { sayIn, saySentences } from '../../src/sentences/say-in.ts';
import type { SentenceFacts } from '../data/api-types.ts';

export type SayingProps = {
  /** What the server says in English. */
  readonly text: string;
  /** The same as facts; missing where an older version wrote it. */
  readonly facts: readonly SentenceFacts[] | undefined;
};

/** What the server says, in the language of the page. English stays where that has no words for it, and is marked as such. */
export function Saying({ text, facts }: SayingProps) {
  const { language } = useTranslation().i18n;
  if (language.startsWith('en')) return text;
  const said = saySentences(language, facts);
  if (said === null) return <span lang="en">{text}</span>;
  return said.map(({ text: one, isVerbatim }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: sentences of one text keep their order
    <Fragment key={index}>
      {index > 0 && ' '}
      {isVerbatim ? <span lang="en">{one}</span> : one}
    </Fragment>
  ));
}

/** The same as a text, for what cannot be marked. */
export function useSayText(): (saying: SayingProps) => string {
  const { language } = useTranslation().i18n;
  return (saying) => sayIn(language, saying);
}
