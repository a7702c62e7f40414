/** The brand mark: a tally lamp on its stand, which is also a T. */
export function LogoMark({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      <path d="M6.4 9.6a5.6 5.6 0 0 1 11.2 0z" fill="var(--tl-live)" />
      <rect x="2.6" y="11" width="18.8" height="3.7" rx="1.85" fill="currentColor" />
      <rect x="10.15" y="11" width="3.7" height="11" rx="1.85" fill="currentColor" />
    </svg>
  );
}

export function Logo({ size = 26 }: { size?: number }) {
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: size * 0.32, color: 'var(--tl-ink)' }}>
      <LogoMark size={size} />
      <span style={{ fontWeight: 700, fontSize: size * 0.7, letterSpacing: '-0.025em' }}>Tallylight</span>
    </span>
  );
}
