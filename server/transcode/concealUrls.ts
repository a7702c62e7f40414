/** What a program said, without what may be secret in the URLs it names: scheme and host are left. */
export function concealUrls(line: string): string {
  return line.replaceAll(/\b([a-z][a-z\d+]*:\/\/)(?:[^\s/@'"]*@)?([^\s/'"]*)\/[^\s'"]*/gi, '$1$2/…');
}
