import { useMutation } from '@tanstack/react-query';
import { callApi } from './call-api.ts';
import { dropDrafts } from './use-draft.ts';

/** Ends the session, forgets what was typed here, and goes to the sign-in page. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => callApi('/v1/session', { method: 'DELETE' }),
    onSuccess: () => {
      dropDrafts();
      window.location.assign('/sign-in');
    },
  });
}
