/** Sequences of one timeline from `first` on, `end` (which may be Infinity) not included. */
export interface Span {
  readonly first: number;
  readonly end: number;
}

/** The same sequences as spans in order that neither meet nor overlap. */
export function uniteSpans(spans: readonly Span[]): Span[] {
  const united: { first: number; end: number }[] = [];
  for (const { first, end } of spans.filter((span) => span.first < span.end).toSorted((a, b) => a.first - b.first)) {
    const last = united.at(-1);
    if (last && first <= last.end) last.end = Math.max(last.end, end);
    else united.push({ first, end });
  }
  return united;
}

/** What `spans` leave free of the sequences from 0 on. */
export function gapsBetween(spans: readonly Span[]): Span[] {
  const gaps: Span[] = [];
  let first = 0;
  for (const span of uniteSpans(spans)) {
    if (first < span.first) gaps.push({ first, end: span.first });
    first = span.end;
  }
  if (first < Infinity) gaps.push({ first, end: Infinity });
  return gaps;
}

/** What is in both. */
export function intersectSpans(some: readonly Span[], others: readonly Span[]): Span[] {
  const united = uniteSpans(others);
  return uniteSpans(some).flatMap(({ first, end }) =>
    united
      .map((other) => ({ first: Math.max(first, other.first), end: Math.min(end, other.end) }))
      .filter((span) => span.first < span.end),
  );
}

export function includesSequence(spans: readonly Span[], sequence: number): boolean {
  return spans.some(({ first, end }) => first <= sequence && sequence < end);
}
