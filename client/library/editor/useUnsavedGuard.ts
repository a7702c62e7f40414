import { useEffect } from 'react';
import { useBlocker } from 'react-router';
import { confirm } from '../../ui/confirm.tsx';

/** Asks before unsaved work is left; `what` says what would be lost, undefined when nothing would. */
export function useUnsavedGuard(what: string | undefined, isDone: () => boolean): void {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      what !== undefined &&
      !isDone() &&
      currentLocation.pathname + currentLocation.search !== nextLocation.pathname + nextLocation.search,
  );

  useEffect(() => {
    if (blocker.state !== 'blocked') return;
    const ask = async () => {
      const leave = await confirm({
        title: 'Leave without saving?',
        body: what,
        action: 'Leave',
        cancel: 'Stay here',
        destructive: true,
      });
      if (leave) blocker.proceed();
      else blocker.reset();
    };
    void ask();
    // One question for each attempt to leave.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [blocker.state]);

  useEffect(() => {
    if (what === undefined) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [what]);
}
