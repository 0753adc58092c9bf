import { useCallback } from 'react';

/** Returns a function that goes to the sign-in page and comes back here afterwards. */
export function useSignIn(): () => void {
  return useCallback(() => {
    const { pathname, search } = window.location;
    window.location.assign(`/sign-in?next=${encodeURIComponent(pathname + search)}`);
  }, []);
}
