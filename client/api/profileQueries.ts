import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RouteBody } from '../../shared/api/route.ts';
import type { ApiRoutes } from '../../shared/api/routes.ts';
import { api } from './api.ts';

export type NewProfile = RouteBody<ApiRoutes['createProfile']>;
export type ProfileChange = RouteBody<ApiRoutes['updateProfile']>;

const profilesKey = ['profiles'] as const;

export function useProfiles() {
  return useQuery({
    queryKey: profilesKey,
    queryFn: ({ signal }) => api.listProfiles({}, signal),
    staleTime: 60_000,
  });
}

function useProfileMutation<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => queries.invalidateQueries({ queryKey: profilesKey }) });
}

export function useCreateProfile() {
  return useProfileMutation((body: NewProfile) => api.createProfile({ body }));
}

export function useUpdateProfile() {
  return useProfileMutation(({ id, change }: { id: string; change: ProfileChange }) =>
    api.updateProfile({ params: { id }, body: change }),
  );
}

export function useDeleteProfile() {
  return useProfileMutation((id: string) => api.deleteProfile({ params: { id } }));
}
