const dateFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function KeyEndTime({ expiresAt }: { expiresAt: string }) {
  return <time dateTime={expiresAt}>{dateFormat.format(new Date(expiresAt))}</time>;
}
