/** The whole tablet: one stage at a time, inside a frame that always says where one stands. */

import { useComputed, useSignalEffect } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { feel } from './feedback'
import { Banners, Bar } from './frame'
import { type Hands, HandsContext, useHands } from './hands'
import { CheckScreen } from './check/check_screen'
import { ArrivalsScreen } from './screens/arrivals'
import { BayScreen } from './screens/bay'
import { ContradictionsScreen } from './screens/contradictions'
import { DeviceScreen } from './screens/device'
import { EnrolScreen, RevokedScreen, UnknownScreen } from './screens/enrol'
import { MenuScreen } from './screens/menu'
import { SettingsScreen } from './screens/settings'
import { SignOnScreen } from './screens/sign_on'
import { UnsentScreen } from './screens/unsent'
import './styles/index.css'

export function App({ hands }: { hands: Hands }) {
  return (
    <HandsContext.Provider value={hands}>
      <Shell />
    </HandsContext.Provider>
  )
}

function Shell() {
  const { tablet, over, turned } = useHands()
  const { language, theme, textScale } = tablet.settings.value
  useEffect(() => {
    const root = document.documentElement
    root.lang = language === 'zh' ? 'zh-CN' : 'en'
    root.dataset.theme = theme
    root.dataset.scale = String(textScale)
  }, [language, theme, textScale])
  useFeedback()
  useWakefulness(tablet.stage.value === 'check')
  const stage = tablet.stage.value
  // Whoever locks the tablet leaves nothing open that the next person would find.
  const before = useRef(stage)
  useEffect(() => {
    if (before.current === stage) return
    before.current = stage
    over.value = null
    turned.value = null
  }, [stage])
  const training = tablet.training.value
  return (
    <div class={`shell ${training ? 'in-training' : ''} stage-${stage}`}>
      {turned.value === null && <Bar />}
      {turned.value === null && <Banners />}
      {over.value === null ? <Stage /> : <OverScreen />}
    </div>
  )
}

function Stage() {
  const { tablet } = useHands()
  switch (tablet.stage.value) {
    case 'enrol': return <EnrolScreen />
    case 'revoked': return <RevokedScreen />
    case 'unknown': return <UnknownScreen />
    case 'bay': return <BayScreen />
    case 'sign_on':
    case 'locked': return <SignOnScreen />
    case 'arrivals': return <ArrivalsScreen />
    case 'check': return <CheckScreen />
  }
}

function OverScreen() {
  const { over } = useHands()
  switch (over.value) {
    case 'menu': return <MenuScreen />
    case 'unsent': return <UnsentScreen />
    case 'contradictions': return <ContradictionsScreen />
    case 'device': return <DeviceScreen />
    case 'settings': return <SettingsScreen />
    case null: return null
  }
}

/** The screen stays lit while a vehicle is being checked; a browser that cannot is left alone. */
function useWakefulness(wanted: boolean): void {
  useEffect(() => {
    if (!wanted || !('wakeLock' in navigator)) return undefined
    let kept: WakeLockSentinel | null = null
    let over = false
    const keep = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return
      kept = await navigator.wakeLock.request('screen').catch(() => null)
      if (over) void kept?.release()
    }
    void keep()
    document.addEventListener('visibilitychange', keep)
    return () => {
      over = true
      document.removeEventListener('visibilitychange', keep)
      void kept?.release()
    }
  }, [wanted])
}

/** Sound and vibration, once for each new result and verdict. */
function useFeedback(): void {
  const { tablet } = useHands()
  const felt = useRef<string | null>(null)
  const newest = useComputed(() => {
    const check = tablet.check.value
    if (check === null) return null
    const { verdict, last } = check
    if (verdict && verdict.at >= (last?.at ?? 0)) {
      const passed = verdict.word === 'cleared' || verdict.word === 'released'
      const failed = verdict.word === 'refused' || verdict.word === 'release_refused'
      return { id: `${check.key} ${verdict.at}`, feeling: passed ? 'passed' : failed ? 'failed' : 'unknown' } as const
    }
    // What is in order feels so, whatever else is still to be said.
    return last && ({ id: `${check.key} ${last.at}`, feeling: last.standing === 'missing' ? 'passed' : last.standing } as const)
  })
  useSignalEffect(() => {
    const now = newest.value
    // What was already there when the application started was felt then.
    if (now && felt.current !== null && felt.current !== now.id) feel(now.feeling, tablet.settings.peek())
    felt.current = now?.id ?? ''
  })
}
