import { useTranslation } from 'react-i18next';
import { saySentence } from '../../src/sentences/say-in.ts';
import { ApiError } from '../data/call-api.ts';

/** Codes that leave open what is wrong: the server's English says it. */
const needDetail: readonly string[] = [
  'invalid-input',
  'usage',
  'conflict',
  'not-found',
  'connector-failed',
  'classifier-failed',
  'unknown',
];

/** What a request failed with: by its code in the page's language, with the server's English where that says more. */
export function ErrorText({ error }: { error: unknown }) {
  const { t, i18n } = useTranslation();
  if (error instanceof ApiError && error.status === null) return t('failure.unreachable');
  const message = error instanceof Error ? error.message : String(error);
  if (i18n.language.startsWith('en')) return message;
  const said =
    error instanceof ApiError ? saySentence(i18n.language, { code: `problem.${error.code}`, values: {} }) : null;
  if (said === null) return <span lang="en">{message}</span>;
  return (
    <>
      {said}
      {error instanceof ApiError && needDetail.includes(error.code) && (
        <>
          {' '}
          <span lang="en">{message}</span>
        </>
      )}
    </>
  );
}
