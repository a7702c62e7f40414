import { useEffect } from 'react';
import { useBlocker } from 'react-router';
import { confirm } from '../ui/confirm.tsx';

/** While on air: asks before another page of the studio, lets the browser ask before the tab goes. */
export function useLeaveGuard(onAir: boolean, end: () => Promise<void>): void {
  const blocker = useBlocker(onAir);

  useEffect(() => {
    if (blocker.state !== 'blocked') return;
    const ask = async () => {
      const leave = await confirm({
        title: 'End the broadcast and leave?',
        body: 'Your picture comes from this page: the broadcast ends when you leave it. To look around meanwhile, open another tab.',
        action: 'End and leave',
        cancel: 'Stay on air',
        destructive: true,
      });
      if (!leave) return blocker.reset();
      await end();
      blocker.proceed();
    };
    void ask();
    // One question for each attempt to leave.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [blocker.state]);

  useEffect(() => {
    if (!onAir) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [onAir]);
}
