import { useLayoutEffect, useMemo, useState } from 'preact/hooks'
import type { Reading } from '../../eyes'
import type { Arrival } from '../../state/model'
import { Button } from '../kit/buttons'
import { CameraView } from '../kit/camera_view'
import { Page } from '../kit/page'
import { PictureFile } from '../kit/picture_taking'
import { ProblemNotice } from '../kit/notices'
import { Icon } from '../drawing/icons'
import { useAct, useHands, useSay } from '../hands'
import { createOpening } from '../opening'
import { age, clockTime } from '../times'
import { arrivals as words } from '../words/arrivals'
import { common } from '../words/common'
import { check as checkWords } from '../words/check'
import { ArrivalRow, CheckRow } from './arrival_row'

/** Whether an arrival is what somebody looks for: by number, plate, carrier or UN number. */
export function matches(arrival: Arrival, looked: string): boolean {
  const plain = (text: string): string => text.normalize('NFKC').toUpperCase().replace(/[\s·-]/g, '')
  const wanted = plain(looked)
  const { number, carrier, tractor, trailer, goods } = arrival
  const known = [number, carrier, tractor?.plate ?? '', trailer?.plate ?? '', ...goods.flatMap(({ unNumber, name }) => [`UN${unNumber}`, name.zh, name.en])]
  return known.some((text) => plain(text).includes(wanted))
}

export function ArrivalsScreen() {
  const say = useSay()
  const { tablet, scanning, eyes } = useHands()
  const act = useAct()
  const [looked, setLooked] = useState('')
  const opening = useMemo(() => createOpening(tablet), [tablet])
  const open = (reading: Reading): void => {
    if (opening.follows(reading)) return
    void act.beside(async () => { await opening.open(reading.text, reading.through); scanning.value = false })
  }
  useLayoutEffect(() => eyes.listen(open), [])
  if (scanning.value) return <WaybillScan onReading={open} problem={act.problem} />

  const all = tablet.arrivals.value
  const found = looked === '' ? all : all.filter((arrival) => matches(arrival, looked))
  const typed = (): void => void act.run(() => opening.open(looked.trim(), 'typed'))
  const enter = (arrival: Arrival): void => {
    const { checkKey, underWay } = arrival
    if (checkKey !== null) return tablet.resume(checkKey)
    if (underWay !== null) return void act.run(() => tablet.takeOver(underWay.checkId))
    void act.run(() => opening.open(arrival.number, 'typed'))
  }
  const foot = (
    <Button look="primary" icon="scan" onPress={() => { scanning.value = true }}>{say(words.scan)}</Button>
  )
  return (
    <Page title={say(words.title)} foot={foot} class="arrivals">
      <div class="arrivals-top">
        <form class="search" role="search" onSubmit={(event) => { event.preventDefault(); if (looked.trim() !== '') typed() }}>
          <Icon name="search" />
          <input type="search" value={looked} aria-label={say(words.search)} placeholder={say(words.search)} onInput={(event) => setLooked(event.currentTarget.value)} />
          <button type="submit" class="button plain" disabled={looked.trim() === ''}>{say(words.open)}</button>
        </form>
        <KeptAges />
      </div>
      <ProblemNotice problem={act.problem} />
      <OtherChecks />
      {found.length === 0 && <p class="lead">{say(all.length === 0 ? words.none : words.noneFound)}</p>}
      <ul class="arrival-list">
        {found.map((arrival) => <ArrivalRow key={arrival.waybillId} arrival={arrival} onOpen={() => enter(arrival)} />)}
      </ul>
    </Page>
  )
}

/** Checks that go on here and of which no row of today's list speaks: scanned without being expected. */
function OtherChecks() {
  const say = useSay()
  const { tablet } = useHands()
  const listed = new Set(tablet.arrivals.value.map(({ checkKey }) => checkKey))
  const others = tablet.checks.value.filter(({ key, phase }) => phase !== 'over' && !listed.has(key))
  if (others.length === 0) return null
  return (
    <section>
      <h2>{say(words.others)}</h2>
      <ul class="arrival-list">{others.map((check) => <CheckRow key={check.key} check={check} onOpen={() => tablet.resume(check.key)} />)}</ul>
    </section>
  )
}

/** How old what is kept is: always in sight, since offline it is all there is. */
function KeptAges() {
  const say = useSay()
  const { tablet, now } = useHands()
  const { arrivalsAt, goodUntil } = tablet.kept.value
  const act = useAct()
  return (
    <p class="kept-ages">
      <span>{say(words.count(tablet.arrivals.value.length))} · {say(age(arrivalsAt, now.value))}</span>
      {goodUntil !== null && <span class="quiet">{say(words.goodUntil(clockTime(goodUntil)))}</span>}
      <button type="button" class="button plain" disabled={act.running} onClick={() => void act.run(() => tablet.refresh())}>{say(words.refresh)}</button>
    </p>
  )
}

function WaybillScan({ onReading, problem }: { onReading: (reading: Reading) => void; problem: ReturnType<typeof useAct>['problem'] }) {
  const say = useSay()
  const { scanning, eyes } = useHands()
  const act = useAct()
  const picture = (file: Blob): void => {
    void act.run(async () => {
      const reading = await eyes.readPicture(file)
      if (reading) onReading(reading)
      else act.complain(checkWords.pictureUnread)
    })
  }
  const foot = (
    <>
      <PictureFile label={say(checkWords.fromPicture)} onPicture={picture} />
      <Button look="primary" icon="back" onPress={() => { scanning.value = false }}>{say(common.back)}</Button>
    </>
  )
  return (
    <Page title={say(words.scan)} foot={foot} class="fixed">
      <ProblemNotice problem={act.problem ?? problem} />
      <CameraView hint={say(words.scan)} onReading={onReading} />
    </Page>
  )
}
