import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { BarePage } from '../../components/bare-page.tsx';
import { meQuery } from '../../data/me.ts';
import { nextAddress } from '../../data/next-address.ts';
import { SignInForm } from './sign-in-form.tsx';
import { SignedIn } from './signed-in.tsx';

/** Asks who somebody is, and goes on to `next`, which may be an address outside the page, such as /docs. */
export function SignInPage() {
  const { t } = useTranslation();
  const { next } = useSearch({ from: '/sign-in' });
  // Asked once: asking again would take the form, with what was typed, off the screen.
  const me = useQuery({ ...meQuery, retry: false, refetchOnWindowFocus: false, refetchOnReconnect: false });
  const isSignedIn = me.data !== undefined && me.data.signedInBy !== 'none';
  const goOn = () => window.location.assign(nextAddress(next));
  const goesOn = isSignedIn && next !== undefined;
  useEffect(() => {
    if (goesOn) window.location.assign(nextAddress(next));
  }, [goesOn, next]);

  if (me.isPending || goesOn) return null;
  return (
    <BarePage title={isSignedIn ? t('signIn.signedIn') : t('signIn.title')}>
      {isSignedIn ? <SignedIn me={me.data} onGoOn={goOn} /> : <SignInForm onSignedIn={goOn} />}
    </BarePage>
  );
}
