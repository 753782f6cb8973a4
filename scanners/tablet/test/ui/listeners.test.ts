import { expect, test } from 'vitest'
import { createListeners } from '../../src/ui/listeners'

const reading = { text: 'WBB1.x', format: 'QRCode', through: 'wedge' } as const

test('who asks for a particular code hears it before who takes any', () => {
  const { listen, hear } = createListeners()
  const heard: string[] = []
  const stopAsking = listen(() => heard.push('asking'), 'asks')
  listen(() => heard.push('taking'))

  hear(reading)
  stopAsking()
  hear(reading)

  expect(heard).toEqual(['asking', 'taking'])
})

test('of two that take any the later hears, and ending twice ends only one', () => {
  const { listen, hear } = createListeners()
  const heard: string[] = []
  listen(() => heard.push('earlier'))
  const stop = listen(() => heard.push('later'))

  hear(reading)
  stop()
  stop()
  hear(reading)

  expect(heard).toEqual(['later', 'earlier'])
})
