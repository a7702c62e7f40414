import makeQrCode from 'qrcode-generator';

/** Modules left free on each side. ISO/IEC 18004 9.1 */
const quietZone = 4;

/** The text as a QR code: an SVG document of one path, dark on white whatever surrounds it. */
export function drawQrCode(text: string): string {
  // As many modules as are needed. Nothing is scratched or printed badly on a screen, and coarse codes scan better.
  const code = makeQrCode(0, 'L');
  code.addData(text, 'Byte');
  code.make();
  const count = code.getModuleCount();
  const size = count + 2 * quietZone;
  const rows = Array.from({ length: count }, (_, row) => drawRow(row, count, (column) => code.isDark(row, column)));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${rows.join('')}"/></svg>`
  );
}

/** Runs of dark modules, each a rectangle. */
function drawRow(row: number, count: number, isDark: (column: number) => boolean): string {
  let path = '';
  for (let column = 0; column < count; column++) {
    if (!isDark(column)) continue;
    const begin = column;
    while (column + 1 < count && isDark(column + 1)) column += 1;
    const width = column - begin + 1;
    path += `M${begin + quietZone} ${row + quietZone}h${width}v1h-${width}z`;
  }
  return path;
}
