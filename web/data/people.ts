import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type {
  CreatedToken,
  InvitedUser,
  NewToken,
  NewUser,
  OpenInvitation,
  TokenList,
  User,
  UserChanges,
  UserList,
} from './api-types.ts';
import { callApi } from './call-api.ts';

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: ({ signal }) => callApi<UserList>('/v1/users', { signal }),
});

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => callApi<TokenList>('/v1/tokens', { signal }),
});

export const invitationQuery = (code: string) =>
  queryOptions({
    queryKey: ['invitation', code],
    queryFn: ({ signal }) => callApi<OpenInvitation>(`/v1/invitations/${encodeURIComponent(code)}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

const userPath = (id: string) => `/v1/users/${encodeURIComponent(id)}`;

/** Changes of users; each reads the list again. */
export function useUserChanges() {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: ['users'] });
  return {
    add: useMutation({
      mutationFn: (body: NewUser) => callApi<InvitedUser>('/v1/users', { method: 'POST', body }),
      onSuccess,
    }),
    change: useMutation({
      mutationFn: ({ id, ...body }: UserChanges & { id: string }) =>
        callApi<User>(userPath(id), { method: 'PATCH', body }),
      onSuccess,
    }),
    invite: useMutation({
      mutationFn: (id: string) => callApi<InvitedUser>(`${userPath(id)}/invitation`, { method: 'POST' }),
      onSuccess,
    }),
    remove: useMutation({ mutationFn: (id: string) => callApi(userPath(id), { method: 'DELETE' }), onSuccess }),
  };
}

export function useTokenChanges() {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: ['tokens'] });
  return {
    add: useMutation({
      mutationFn: (body: NewToken) => callApi<CreatedToken>('/v1/tokens', { method: 'POST', body }),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (id: string) => callApi(`/v1/tokens/${encodeURIComponent(id)}`, { method: 'DELETE' }),
      onSuccess,
    }),
  };
}
