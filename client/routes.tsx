import { createBrowserRouter, Navigate, type RouteObject } from 'react-router';
import { SignedIn } from './account/SignedIn.tsx';
import { Shell } from './account/Shell.tsx';
import { NotFoundPage } from './ui/NotFoundPage.tsx';
import { Uploads } from './library/upload/Uploads.tsx';
import { PageSkeleton } from './ui/PageSkeleton.tsx';
import { RouteError } from './ui/RouteError.tsx';

const entryTabs: RouteObject[] = [
  { index: true, lazy: async () => ({ Component: (await import('./library/entry/OverviewTab.tsx')).OverviewTab }) },
  { path: 'stream', lazy: async () => ({ Component: (await import('./library/entry/StreamTab.tsx')).StreamTab }) },
  {
    path: 'ingest',
    lazy: async () => ({ Component: (await import('./library/entry/ingest/IngestTab.tsx')).IngestTab }),
  },
  {
    path: 'settings',
    lazy: async () => ({ Component: (await import('./library/entry/SettingsTab.tsx')).SettingsTab }),
  },
  { path: 'clips', lazy: async () => ({ Component: (await import('./library/entry/ClipsTab.tsx')).ClipsTab }) },
  { path: 'share', lazy: async () => ({ Component: (await import('./library/entry/ShareTab.tsx')).ShareTab }) },
];

const pages: RouteObject[] = [
  { index: true, element: <Navigate to="/entries" replace /> },
  { path: 'entries', lazy: async () => ({ Component: (await import('./library/EntriesPage.tsx')).EntriesPage }) },
  {
    path: 'entries/new',
    lazy: async () => ({ Component: (await import('./library/create/CreateEntryPage.tsx')).CreateEntryPage }),
  },
  {
    path: 'entries/upload',
    lazy: async () => ({ Component: (await import('./library/upload/UploadPage.tsx')).UploadPage }),
  },
  {
    path: 'entries/:id',
    lazy: async () => ({ Component: (await import('./library/entry/EntryPage.tsx')).EntryPage }),
    children: entryTabs,
  },
  {
    path: 'entries/:id/editor',
    lazy: async () => ({ Component: (await import('./library/editor/EditorPage.tsx')).EditorPage }),
  },
  {
    path: 'entries/:id/live',
    lazy: async () => ({ Component: (await import('./studio/GoLivePage.tsx')).GoLivePage }),
  },
  { path: 'settings', lazy: async () => ({ Component: (await import('./account/SettingsPage.tsx')).SettingsPage }) },
  {
    path: 'settings/profiles/:profileId',
    lazy: async () => ({ Component: (await import('./account/ProfilePage.tsx')).ProfilePage }),
  },
  { path: '*', Component: NotFoundPage },
];

/** Every page of the studio, each loaded when it is first opened. */
export function createStudioRouter() {
  return createBrowserRouter([
    {
      ErrorBoundary: RouteError,
      HydrateFallback: PageSkeleton,
      children: [
        {
          path: '/signin',
          lazy: async () => ({ Component: (await import('./account/SignInPage.tsx')).SignInPage }),
        },
        {
          path: '/',
          Component: SignedIn,
          children: [
            {
              element: (
                <Uploads>
                  <Shell />
                </Uploads>
              ),
              children: [{ ErrorBoundary: RouteError, children: pages }],
            },
          ],
        },
      ],
    },
  ]);
}
