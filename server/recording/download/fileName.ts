/** Bytes that file systems take for a name, with room for what browsers add. */
const longest = 120;

/** A name for a file, of an entry's name and what is downloaded of it: nothing that could be a path or a device. */
export function fileName(entryName: string, flavor: string, extension: string): string {
  const plain = entryName
    .normalize('NFC')
    // Control characters, what is reserved on one system or another, and marks that turn the reading direction.
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}<>:"/\\|?*]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/^[. ]+/, '');
  let name = '';
  for (const character of plain) {
    if (Buffer.byteLength(name + character) > longest) break;
    name += character;
  }
  name = name.replace(/[. ]+$/, '') || 'video';
  return `${name} (${flavor}).${extension}`;
}

/** Content-Disposition (RFC 6266), with the name in ASCII for those that know nothing else (RFC 8187). */
export function attachment(name: string): string {
  const ascii = name.replaceAll(/[^\x20-\x7e]/g, '_').replaceAll(/["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replaceAll(/['()*]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
