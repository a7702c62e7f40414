import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RouteBody, RouteResponse } from '../../shared/api/route.ts';
import type { ApiRoutes } from '../../shared/api/routes.ts';
import type { VideoEntry } from '../../shared/model/entry.ts';
import { paths } from '../../shared/urls.ts';
import { parseStoryboard } from '../player/storyboard/storyboard.ts';
import { api } from './api.ts';
import { entryKeys } from './entryQueries.ts';

export type NewClip = RouteBody<ApiRoutes['createClip']>;

const clipKeys = {
  span: (id: string) => [...entryKeys.entry(id), 'timeline'] as const,
  clips: (id: string) => [...entryKeys.entry(id), 'clips'] as const,
};
/** Where the media begin, and whether they grow. */
type Span = Pick<RouteResponse<ApiRoutes['getMediaSpan']>, 'startMs' | 'epochMs' | 'live'>;

const growingEveryMs = 1000;
const rereadEveryMs = 5000;
/** Pictures and sound of what is live are asked for again after this. */
const scenesEveryMs = 6000;
const peaksAgainMs = 1500;

/** What can be cut of an entry; kept up to date while it grows. */
export function useMediaSpan(id: string) {
  return useQuery({
    queryKey: clipKeys.span(id),
    queryFn: ({ signal }) => api.getMediaSpan({ params: { id } }, signal),
    refetchInterval: ({ state }) => state.data?.live && growingEveryMs,
  });
}

/** A page of what was cut out of an entry, newest first. */
export function useClips(id: string, query: { page: number; pageSize: number }) {
  return useQuery({
    queryKey: [...clipKeys.clips(id), query],
    queryFn: ({ signal }) => api.listClips({ params: { id }, query }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => state.data?.items.some(({ status }) => status === 'processing') && rereadEveryMs,
  });
}

/** Small pictures about `intervalSeconds` apart, where the server makes them as fine. */
export function useScenes(id: string, intervalSeconds: number | undefined, span: Span) {
  return useQuery({
    queryKey: [...entryKeys.entry(id), 'scenes', intervalSeconds, span.live],
    queryFn: async ({ signal }) => {
      const query = intervalSeconds === undefined ? '' : `?interval=${intervalSeconds}`;
      const address = new URL(paths.storyboard(id) + query, location.href).href;
      const response = await fetch(address, { signal });
      return {
        tiles: response.ok ? parseStoryboard(await response.text(), address) : [],
        beginsAt: beginOf(span),
      };
    },
    placeholderData: keepPreviousData,
    staleTime: scenesEveryMs,
    refetchInterval: span.live && scenesEveryMs,
  });
}

/** The waveform of a stretch, in ms from where the media begin. */
export function usePeaks(id: string, range: { fromMs: number; toMs: number } | undefined, points: number, span: Span) {
  return useQuery({
    queryKey: [...entryKeys.entry(id), 'peaks', range, points, span.live],
    enabled: range !== undefined,
    queryFn: async ({ signal }) => {
      const peaks = await api.getPeaks({ params: { id }, query: { ...range, points } }, signal);
      return { ...peaks, beginsAt: beginOf(span) };
    },
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.complete === false ? peaksAgainMs : span.live && scenesEveryMs),
  });
}

/** Unix ms of where the media begin; that of what is live moves on. */
function beginOf({ epochMs, startMs }: Span): number {
  return epochMs + startMs;
}

export function useCreateClip(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: NewClip) => await untilMade(await api.createClip({ params: { id }, body })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: clipKeys.clips(id) });
      void queries.invalidateQueries({ queryKey: entryKeys.lists });
    },
  });
}

/** Where the entry's media are other ones afterwards: all that is known of it is read again. */
function useMediaChange<Input>(id: string, mutationFn: (input: Input) => Promise<VideoEntry>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: (entry) => {
      queries.setQueryData(entryKeys.entry(id), entry);
      void queries.invalidateQueries({ queryKey: entryKeys.entry(id) });
      void queries.invalidateQueries({ queryKey: entryKeys.lists });
    },
  });
}

export function useTrimEntry(id: string) {
  return useMediaChange(id, (body: RouteBody<ApiRoutes['trimEntry']>) => api.trimEntry({ params: { id }, body }));
}

export function useUndoTrim(id: string) {
  return useMediaChange(id, () => api.undoTrim({ params: { id } }));
}

export function useKeepTrim(id: string) {
  return useMediaChange(id, () => api.keepTrim({ params: { id } }));
}

const madePollMs = 1000;

/** Rejects with what the server says of a clip that it could not make. */
async function untilMade(clip: VideoEntry): Promise<VideoEntry> {
  let entry = clip;
  while (entry.status === 'processing') {
    await new Promise((resolve) => setTimeout(resolve, madePollMs));
    const now = await api.getEntry({ params: { id: clip.id } });
    if (now.type !== 'video') break;
    entry = now;
  }
  if (entry.status === 'failed') throw new Error(entry.failure ?? 'The clip could not be made.');
  return entry;
}
