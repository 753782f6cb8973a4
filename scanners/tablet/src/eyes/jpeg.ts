/** What a JPEG file says beside its picture. */

const [START, SCAN, APP0, APP15, COMMENT] = [0xd8, 0xda, 0xe0, 0xef, 0xfe]

/**
 * The same picture without place, device, time, colour profile and comments: of all segments before
 * the picture only those that it is drawn from stay, and the JFIF header. Any other file is given
 * back as it is.
 *
 * Source: ITU-T T.81, B.1.1.
 */
export function withoutMetadata(file: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  if (file[0] !== 0xff || file[1] !== START) return [file]
  const kept = [file.subarray(0, 2)]
  let at = 2
  while (at + 4 <= file.length && file[at] === 0xff && file[at + 1] !== SCAN) {
    const marker = file[at + 1]!
    const end = at + 2 + ((file[at + 2]! << 8) | file[at + 3]!)
    const speaks = (marker > APP0 && marker <= APP15) || marker === COMMENT
    if (!speaks) kept.push(file.subarray(at, end))
    at = end
  }
  return [...kept, file.subarray(at)]
}
