import { describe, expect, test } from 'vitest'

import { withoutMetadata } from '../../src/eyes/jpeg'

const segment = (marker: number, ...content: number[]) => [
  0xff, marker, 0, content.length + 2, ...content,
]
const START = [0xff, 0xd8]
const JFIF = segment(0xe0, 74, 70, 73, 70, 0)
const TABLE = segment(0xdb, 1, 2, 3)
const PICTURE = [...segment(0xda, 9), 0xff, 0xe1, 5, 6, 0xff, 0xd9]

function cleaned(...file: number[]): number[] {
  return withoutMetadata(Uint8Array.from(file)).flatMap((part) => [...part])
}

describe('a JPEG', () => {
  test.each([
    ['Exif, with place and time', segment(0xe1, 69, 120, 105, 102)],
    ['a colour profile', segment(0xe2, 73, 67, 67)],
    ['a vendor’s own', segment(0xef, 1)],
    ['a comment', segment(0xfe, 104, 105)],
  ])('loses %s', (_, said) => {
    expect(cleaned(...START, ...JFIF, ...said, ...TABLE, ...said, ...PICTURE)).toEqual([
      ...START, ...JFIF, ...TABLE, ...PICTURE,
    ])
  })

  test('that ends too early loses nothing more', () => {
    expect(cleaned(...START, ...JFIF, 0xff)).toEqual([...START, ...JFIF, 0xff])
  })
})

test('another file stays as it is', () => {
  expect(cleaned(0x89, 0x50, 0x4e, 0x47)).toEqual([0x89, 0x50, 0x4e, 0x47])
})
