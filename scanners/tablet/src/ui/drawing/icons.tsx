/** One small set of our own, two strokes wide, in a box of 24. Purely drawings. */

const ICONS = {
  scan: 'M3 8V3H8M16 3H21V8M21 16V21H16M8 21H3V16M3 12H21',
  camera: 'M3 7H7L9 4H15L17 7H21V20H3ZM12 17A4 4 0 1 0 12 9A4 4 0 0 0 12 17Z',
  keys: 'M2 6H22V18H2ZM6 10H6.1M10 10H10.1M14 10H14.1M18 10H18.1M7 14H17',
  torch: 'M7 3H17V7L14 11V21H10V11L7 7ZM12 14V16',
  turn: 'M4 12A8 8 0 0 1 18 6.5L20 9M20 3V9H14M20 12A8 8 0 0 1 6 17.5L4 15M4 21V15H10',
  lock: 'M5 11H19V21H5ZM8 11V7A4 4 0 0 1 16 7V11',
  menu: 'M3 6H21M3 12H21M3 18H21',
  back: 'M14 4L6 12L14 20',
  next: 'M10 4L18 12L10 20',
  send: 'M12 20V5M5 12L12 5L19 12',
  offline: 'M3 3L21 21M5 12A10 10 0 0 1 8.5 9.6M12 9A10 10 0 0 1 19 12M8.5 15.5A5 5 0 0 1 15 15M12 19H12.1',
  warning: 'M12 3L22 20H2ZM12 9V14M12 17H12.1',
  person: 'M12 12A4 4 0 1 0 12 4A4 4 0 0 0 12 12ZM4 21C4 16 8 14.5 12 14.5C16 14.5 20 16 20 21',
  picture: 'M3 4H21V20H3ZM3 17L9 11L14 16L17 13L21 17M16 8H16.1',
  search: 'M10.5 17A6.5 6.5 0 1 0 10.5 4A6.5 6.5 0 0 0 10.5 17ZM15.5 15.5L21 21',
  print: 'M6 9V3H18V9M6 17H3V9H21V17H18M6 14H18V21H6Z',
  erase: 'M9 5H21V19H9L2 12ZM12 9L18 15M18 9L12 15',
  settings: 'M4 7H14M18 7H20M4 17H6M10 17H20M16 9A2 2 0 1 0 16 5A2 2 0 0 0 16 9ZM8 19A2 2 0 1 0 8 15A2 2 0 0 0 8 19Z',
  device: 'M5 2H19V22H5ZM11 19H13',
  practice: 'M12 4L22 9L12 14L2 9ZM6 11V17C9 20 15 20 18 17V11',
  plus: 'M12 4V20M4 12H20',
  minus: 'M4 12H20',
} as const

export type IconName = keyof typeof ICONS

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={ICONS[name]} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  )
}
