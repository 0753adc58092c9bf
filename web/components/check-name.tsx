import { useTranslation } from 'react-i18next';

/** The name of something that is checked, such as `store` or `connector desk`; names of models stay as they are. */
export function CheckName({ check }: { check: string }) {
  const { t, i18n } = useTranslation();
  if (i18n.exists(`check.${check}`)) return t(`check.${check as 'store'}`);
  const [first = '', ...name] = check.split(' ');
  return first === 'connector' ? `${t('check.connector')} ${name.join(' ')}` : check;
}
