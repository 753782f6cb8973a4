import { expect, test } from 'vitest'
import { createOpening } from '../../src/ui/opening'

const reading = (text: string) => ({ text, format: '', through: 'wedge' }) as const

/** A tablet whose opening is answered when the test says so. */
function slow() {
  const done: string[] = []
  let answer: { resolve: () => void; reject: (why: Error) => void } | null = null
  return {
    done,
    answered: () => answer?.resolve(),
    refused: () => answer?.reject(new Error('no waybill')),
    open: (text: string) => new Promise<void>((resolve, reject) => {
      done.push(`open ${text}`)
      answer = { resolve, reject }
    }),
    show: async (text: string) => void done.push(`show ${text}`),
  }
}

test('cards shown while the check is being opened are shown in it, in their order, the waybill once', async () => {
  const tablet = slow()
  const opening = createOpening(tablet)
  expect(opening.follows(reading('waybill'))).toBe(false)
  const open = opening.open('waybill', 'wedge')

  expect(['vehicle', 'waybill', 'driver'].map((text) => opening.follows(reading(text)))).toEqual([true, true, true])
  tablet.answered()
  await open

  expect(tablet.done).toEqual(['open waybill', 'show vehicle', 'show driver'])
  expect(opening.follows(reading('waybill'))).toBe(false)
})

test('what followed a code that opens nothing is let go', async () => {
  const tablet = slow()
  const opening = createOpening(tablet)
  const open = opening.open('other', 'wedge')
  opening.follows(reading('vehicle'))
  tablet.refused()

  await expect(open).rejects.toThrow('no waybill')
  expect(tablet.done).toEqual(['open other'])
})
