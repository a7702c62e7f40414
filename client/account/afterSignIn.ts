/** Where to go after signing in: only a page of this studio, never another site. */
export function afterSignIn(next: string | null): string {
  if (!next?.startsWith('/')) return '/entries';
  const url = new URL(next, 'http://studio.invalid');
  if (url.host !== 'studio.invalid' || url.pathname === '/signin') return '/entries';
  return url.pathname + url.search;
}
