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

test('a scanner that reads twice at once is heard once by each who listens', () => {
  const { listen, hear } = createListeners()
  const heard: string[] = []
  listen(() => heard.push('screen'))
  hear(reading)
  hear(reading)
  const stop = listen(() => heard.push('consent'), 'asks')
  hear(reading)
  hear(reading)
  stop()
  hear(reading)

  expect(heard).toEqual(['screen', 'consent', 'screen'])
})

test('what is pasted or handed over by a press is heard each time', () => {
  const { listen, hear } = createListeners()
  const heard: string[] = []
  listen(({ through }) => heard.push(through))
  for (const through of ['pasted', 'pasted', 'camera', 'camera'] as const) hear({ ...reading, through })

  expect(heard).toHaveLength(4)
})
