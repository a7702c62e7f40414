import { Box } from '@mantine/core';
import { Navigate, Outlet, useLocation } from 'react-router';
import { LiveConnection } from '../api/LiveConnection.tsx';
import { useSession } from '../api/sessionQueries.ts';
import { ErrorState } from '../ui/ErrorState.tsx';
import { PageSkeleton } from '../ui/PageSkeleton.tsx';

/** Everything below it is for users only; others sign in first and come back. */
export function SignedIn() {
  const session = useSession();
  const location = useLocation();
  if (session.isPending) return <PageSkeleton />;
  if (session.isError)
    return (
      <Box maw={560} mx="auto" p="xl">
        <ErrorState
          title="The studio cannot reach its server"
          error={session.error}
          onRetry={() => void session.refetch()}
        />
      </Box>
    );
  if (!session.data) {
    const next = location.pathname === '/' ? '' : `?next=${encodeURIComponent(location.pathname + location.search)}`;
    return <Navigate to={`/signin${next}`} replace />;
  }
  return (
    <LiveConnection>
      <Outlet />
    </LiveConnection>
  );
}
