import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './api.ts';
import { hasCode } from './apiError.ts';
import { sessionKey } from './queryClient.ts';

/** The signed-in user, or null. */
export function useSession() {
  return useQuery({
    queryKey: sessionKey,
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      try {
        return (await api.currentSession({}, signal)).user;
      } catch (error) {
        if (hasCode(error, 'unauthenticated')) return null;
        throw error;
      }
    },
  });
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; password: string }) => api.signIn({ body }),
    onSuccess: ({ user }) => queries.setQueryData(sessionKey, user),
  });
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.signOut(),
    // Whatever the server said, nothing of this user stays in this browser.
    onSettled: () => {
      queries.setQueryData(sessionKey, null);
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] });
    },
  });
}
