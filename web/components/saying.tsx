import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { SentenceFacts } from '../data/api-types.ts';
import { saySentence, verbatimOf } from '../texts/sentences.ts';

export type SayingProps = {
  /** What the server says in English. */
  readonly text: string;
  /** The same as facts; missing where an older version wrote it. */
  readonly facts: readonly SentenceFacts[] | undefined;
};

/** What the server says, in the language of the page. English stays where that has no words for it, and is marked as such. */
export function Saying({ text, facts }: SayingProps) {
  const sayIn = useSayIn();
  const said = sayIn({ text, facts });
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
  const sayIn = useSayIn();
  return (saying) =>
    sayIn(saying)
      ?.map(({ text }) => text)
      .join(' ') ?? saying.text;
}

function useSayIn() {
  const { i18n } = useTranslation();
  return ({ text, facts }: SayingProps): { text: string; isVerbatim: boolean }[] | null => {
    if (i18n.language.startsWith('en')) return [{ text, isVerbatim: false }];
    if (facts === undefined) return null;
    const said = facts.map((one) => {
      const verbatim = verbatimOf(one);
      return { text: verbatim ?? saySentence(i18n, one), isVerbatim: verbatim !== null };
    });
    return said.every((one) => one.text !== null) ? (said as { text: string; isVerbatim: boolean }[]) : null;
  };
}
