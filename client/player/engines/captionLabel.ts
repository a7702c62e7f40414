/** Captions inside the picture, told apart from text of the same name: `English · CC1`. */
export function channelLabel(name: string, channel: string): string {
  return name === '' || name === channel ? channel : `${name} · ${channel}`;
}

/** A language as people call it; empty for one that nobody knows. */
export function languageName(language: string): string {
  if (language === '' || language === 'und') return '';
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(language) ?? language;
  } catch {
    return language;
  }
}
