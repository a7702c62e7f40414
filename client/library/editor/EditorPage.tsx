import { Anchor } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Link, Navigate, useParams, useSearchParams } from 'react-router';
import type { LiveEntry, VideoEntry } from '../../../shared/model/entry.ts';
import { hasCode } from '../../api/apiError.ts';
import { useMediaSpan } from '../../api/clipQueries.ts';
import { useEntry } from '../../api/entryQueries.ts';
import { BackLink } from '../../ui/BackLink.tsx';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageSkeleton } from '../../ui/PageSkeleton.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { VideoBadge } from '../../ui/VideoBadge.tsx';
import { ClipEditor } from './ClipEditor.tsx';
import { gridOf, mediaOf, type MediaSpan } from './media.ts';
import { TrimEditor } from './TrimEditor.tsx';

/** `/entries/<id>/editor`: clips of an entry; with `?mode=trim` a video's own beginning and end. */
export function EditorPage() {
  const { id = '' } = useParams();
  const [search] = useSearchParams();
  const entry = useEntry(id);
  if (entry.isPending) return <PageSkeleton />;
  if (entry.isError)
    return (
      <Page title="Editor" width={760} above={<BackLink to="/entries">Entries</BackLink>}>
        <ErrorState
          title={hasCode(entry.error, 'entryNotFound') ? 'This entry does not exist' : 'The entry could not be loaded'}
          error={entry.error}
          onRetry={hasCode(entry.error, 'entryNotFound') ? undefined : () => void entry.refetch()}
        />
      </Page>
    );
  if (entry.data.type === 'manual') return <Navigate to={`/entries/${id}`} replace />;
  const mode = search.get('mode') === 'trim' ? 'trim' : 'clip';
  if (mode === 'trim' && (entry.data.type !== 'video' || entry.data.status !== 'ready'))
    return <Navigate to={`/entries/${id}`} replace />;
  return <EntryEditorPage key={`${id} ${mode}`} entry={entry.data} mode={mode} />;
}

type Mode = 'clip' | 'trim';

function EntryEditorPage({ entry, mode }: { entry: LiveEntry | VideoEntry; mode: Mode }) {
  const span = useMediaSpan(entry.id);
  if (span.isPending) return <PageSkeleton />;
  const title = `${mode === 'trim' ? 'Trim' : 'Clip'}: ${entry.name}`;
  return (
    <Page
      title={title}
      width={1400}
      badge={
        entry.type === 'live' ? <StateBadge state={entry.state} size="lg" /> : <VideoBadge video={entry} size="lg" />
      }
      above={<BackLink to={`/entries/${entry.id}`}>{entry.name}</BackLink>}
    >
      {span.data ? (
        <Cutting entry={entry} mode={mode} span={span.data} />
      ) : (
        <ErrorState
          title={hasCode(span.error, 'notLive') ? 'There is nothing to cut yet' : 'The media could not be read'}
          error={span.error}
          onRetry={() => void span.refetch()}
        />
      )}
    </Page>
  );
}

function Cutting({ entry, mode, span }: { entry: LiveEntry | VideoEntry; mode: Mode; span: MediaSpan }) {
  const [grid] = useState(() => gridOf(span));
  const media = useMemo(() => mediaOf(span, grid), [span, grid]);
  if (!span.hasSource)
    return (
      <Notice
        tone="warning"
        title="This cannot be cut"
        action={
          entry.profileId && (
            <Anchor component={Link} to={`/settings/profiles/${entry.profileId}`}>
              Change the profile
            </Anchor>
          )
        }
      >
        Clipping and trimming need the Source flavor, and this entry’s transcoding profile does not keep it. With it
        turned on, what is broadcast from then on can be cut.
      </Notice>
    );
  return mode === 'trim' && entry.type === 'video' ? (
    <TrimEditor entry={entry} media={media} />
  ) : (
    <ClipEditor entry={entry} media={media} />
  );
}
