import { useEffect, useRef } from 'react';
import { NavLink, useLocation } from 'react-router';
import type { Entry } from '../../../shared/model/entry.ts';
import classes from './EntryTabs.module.css';

const tabs = [
  { path: '', label: 'Overview', liveOnly: false },
  { path: 'stream', label: 'Live stream', liveOnly: true },
  { path: 'ingest', label: 'Ingest', liveOnly: true },
  { path: 'settings', label: 'Settings', liveOnly: false },
  { path: 'share', label: 'Share', liveOnly: false },
];

export function EntryTabs({ entry }: { entry: Entry }) {
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // On a narrow screen the tabs scroll; the present one is to be seen.
  useEffect(() => {
    const current = nav.current?.querySelector(`a[href="${pathname}"]`);
    current?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  }, [pathname]);
  return (
    <nav ref={nav} className={classes.tabs} aria-label="Entry">
      {tabs
        .filter((tab) => entry.type === 'live' || !tab.liveOnly)
        .map(({ path, label }) => (
          <NavLink
            key={path}
            end
            to={path ? `/entries/${entry.id}/${path}` : `/entries/${entry.id}`}
            className={classes.tab}
          >
            {label}
          </NavLink>
        ))}
    </nav>
  );
}

export function isLiveOnlyTab(pathname: string): boolean {
  return tabs.some((tab) => tab.liveOnly && pathname.endsWith(`/${tab.path}`));
}
