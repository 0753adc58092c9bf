import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';

/**
 * Who wrote. Each part stands for itself: a name that switches the direction of writing would otherwise turn the address around
 * as well, and pretend another one.
 */
export function RequesterName({ parts }: { parts: readonly (string | null | undefined)[] }) {
  const { t } = useTranslation();
  const given = parts.filter((part) => part != null && part !== '');
  if (given.length === 0) return t('ticket.unknownRequester');
  return given.map((part, index) => (
    <Fragment key={part}>
      {index > 0 && ' · '}
      <bdi>{part}</bdi>
    </Fragment>
  ));
}
