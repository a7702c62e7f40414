import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Entry } from '../../shared/model/entry.ts';
import { paths } from '../../shared/urls.ts';
import { parseStoryboard } from '../player/storyboard/storyboard.ts';
import { api } from './api.ts';
import { entryKeys } from './entryQueries.ts';

/** How long what the entry plays now is, in ms; null where it has no pictures. */
export function usePicturedLength({ id }: Entry, enabled: boolean) {
  return useQuery({
    queryKey: [...entryKeys.entry(id), 'picturedLength'],
    enabled,
    queryFn: async ({ signal }) => {
      const response = await fetch(paths.storyboard(id), { signal });
      if (!response.ok) return null;
      const end = parseStoryboard(await response.text(), location.href).at(-1)?.endSeconds;
      return end === undefined ? null : end * 1000;
    },
    refetchInterval: 10_000,
  });
}

/** Where the frame at a time is shown. */
export function frameAddress(entryId: string, atMs: number, widthPixels: number): string {
  return `${paths.thumbnail(entryId)}?t=${Math.round(atMs)}&width=${widthPixels}`;
}

/** A change that answers with the entry as it is now. */
function usePosterMutation<Input>(mutationFn: (input: Input) => Promise<Entry>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: (entry) => {
      queries.setQueryData(entryKeys.entry(entry.id), entry);
      void queries.invalidateQueries({ queryKey: entryKeys.lists });
    },
  });
}

/** The frame at a time in ms, or a picture of one's own. */
export function useChoosePoster(id: string) {
  return usePosterMutation((poster: number | Blob) =>
    api.choosePoster({
      params: { id },
      ...(typeof poster === 'number' ? { body: { atMs: Math.round(poster) } } : { upload: poster }),
    }),
  );
}

export function useResetPoster(id: string) {
  return usePosterMutation(() => api.resetPoster({ params: { id } }));
}
