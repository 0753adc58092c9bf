import { useDocumentTitle } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';

/** Names the page in the browser's tab and history. Nothing for `null`: a page within this one names it. */
export function usePageTitle(title: string | null): void {
  const { t } = useTranslation();
  useDocumentTitle(title === null ? '' : `${title} · ${t('app.name')}`);
}
