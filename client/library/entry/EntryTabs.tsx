import { useEffect, useRef } from 'react';
import { NavLink, useLocation } from 'react-router';
import type { Entry } from '../../../shared/model/entry.ts';
import classes from './EntryTabs.module.css';

const every: readonly Entry['type'][] = ['live', 'video', 'manual'];

const tabs: readonly { path: string; label: string; of: readonly Entry['type'][] }[] = [
  { path: '', label: 'Overview', of: every },
  { path: 'stream', label: 'Live stream', of: ['live'] },
  { path: 'ingest', label: 'Ingest', of: ['live'] },
  { path: 'clips', label: 'Clips', of: ['live', 'video'] },
  { path: 'settings', label: 'Settings', of: every },
  { path: 'share', label: 'Share', of: every },
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
        .filter((tab) => tab.of.includes(entry.type))
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

/** Whether a path is that of a tab that entries of this type do not have. */
export function isForeignTab(pathname: string, type: Entry['type']): boolean {
  return tabs.some((tab) => tab.path !== '' && pathname.endsWith(`/${tab.path}`) && !tab.of.includes(type));
}
