import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, hasCode } from './apiError.ts';

export const sessionKey = ['session'] as const;

/** The cache of what the server said; an expired session leads back to the sign-in page from wherever it shows. */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (hasCode(error, 'unauthenticated')) client.setQueryData(sessionKey, null);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        // What the server refused stays refused; what did not get through is tried again.
        retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status >= 400),
      },
    },
  });
  return client;
}
