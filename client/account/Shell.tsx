import { useDebouncedValue } from '@mantine/hooks';
import { Link, NavLink, Outlet, ScrollRestoration } from 'react-router';
import { useLiveConnection } from '../api/LiveConnection.tsx';
import { Logo } from '../ui/Logo.tsx';
import { ThemeToggle } from '../ui/ThemeToggle.tsx';
import { AccountMenu } from './AccountMenu.tsx';
import classes from './Shell.module.css';

/** The studio's frame: header, a line when live updates are away, the page. */
export function Shell() {
  return (
    <>
      <a href="#content" className="tl-skip">
        Skip to content
      </a>
      <header className={classes.header}>
        <div className={classes.bar}>
          <Link to="/entries" className={classes.home} aria-label="Tallylight, entries">
            <Logo />
          </Link>
          <nav className={classes.nav} aria-label="Main">
            <NavLink to="/entries" className={classes.link}>
              Entries
            </NavLink>
            <NavLink to="/settings" className={classes.link}>
              Settings
            </NavLink>
          </nav>
          <ThemeToggle />
          <AccountMenu />
        </div>
        <ConnectionLine />
      </header>
      <main id="content" tabIndex={-1} style={{ outline: 'none' }}>
        <Outlet />
      </main>
      <ScrollRestoration />
    </>
  );
}

function ConnectionLine() {
  const { state } = useLiveConnection();
  // A short break is nobody's business.
  const [away] = useDebouncedValue(state === 'reconnecting', 2500);
  return (
    <output style={{ display: 'block' }}>
      {away && state === 'reconnecting' && (
        <span className={classes.away}>
          Live updates are interrupted; connecting again… What you see may be a little old.
        </span>
      )}
    </output>
  );
}
