/** The brand mark: a lit tally bar on its stand, which is also a T. */
function LogoMark({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      <rect x="2" y="2" width="20" height="5.8" rx="2.9" fill="var(--tl-live)" />
      <rect x="9.4" y="9.4" width="5.2" height="13" rx="2.6" fill="currentColor" />
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
