import { describe, expect, test } from 'vitest'

import { contrasted, sharpened } from '../../src/eyes/pixels'

/** A picture of greys, one number a pixel, row after row. */
function picture(width: number, greys: readonly number[]): ImageData {
  const data = Uint8ClampedArray.from(greys.flatMap((grey) => [grey, grey, grey, 255]))
  return { width, height: greys.length / width, data, colorSpace: 'srgb' } as ImageData
}

function greysOf({ data }: ImageData): number[] {
  return Array.from(data).filter((_, at) => at % 4 === 0)
}

describe('contrast', () => {
  test('is stretched from black to white', () => {
    expect(greysOf(contrasted(picture(3, [100, 120, 140])))).toEqual([0, 128, 255])
  })

  test('counts no few pixels that are darker or lighter than all others', () => {
    const greys = [0, 255, ...Array.from({ length: 198 }, (_, at) => (at % 2 ? 100 : 140))]

    expect(greysOf(contrasted(picture(20, greys))).slice(0, 4)).toEqual([0, 255, 255, 0])
  })

  test('of a plain picture stays plain', () => {
    expect(new Set(greysOf(contrasted(picture(2, [90, 90, 90, 90])))).size).toBe(1)
  })

  test('of colours is that of their brightness', () => {
    const red = picture(2, [0, 0])
    red.data.set([255, 0, 0, 255, 0, 255, 0, 255])

    expect(Array.from(contrasted(red).data)).toEqual([0, 0, 0, 255, 255, 255, 255, 255])
  })
})

describe('sharpening', () => {
  test('leaves a plain picture as it is', () => {
    const greys = Array<number>(15 * 9).fill(90)

    expect(greysOf(sharpened(picture(15, greys)))).toEqual(greys)
  })

  test.each([
    ['upright', 40, (column: number, _row: number) => column],
    ['lying', 40, (_column: number, row: number) => row],
  ])('sets the sides of an edge apart that is %s', (_, side, along) => {
    const greys = Array.from({ length: side * side }, (_, at) =>
      along(at % side, Math.floor(at / side)) < side / 2 ? 100 : 140,
    )

    const sharp = greysOf(sharpened(picture(side, greys)))

    const across = Array.from({ length: side }, (_, at) =>
      along(1, 0) ? sharp[10 * side + at] : sharp[at * side + 10],
    )
    expect(across.slice(side / 2 - 1, side / 2 + 1)).toEqual([28, 212])
    expect([across[2], across[side - 3]]).toEqual([100, 140])
  })

  test('takes pictures smaller than its reach', () => {
    expect(greysOf(sharpened(picture(1, [50])))).toEqual([50])
  })
})
