const plain = /^[\w.:/?=&@%~+,[\]-]*$/;

/** One word for a shell. Double quotes, which Windows knows as well, wherever they suffice. */
export function quoted(text: string): string {
  return plain.test(text) ? `"${text}"` : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** One command over several lines. */
export function shellLines(...lines: readonly string[]): string {
  return lines.join(' \\\n  ');
}
