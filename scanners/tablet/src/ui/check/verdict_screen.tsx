import type { Check, Standing, Verdict, VerdictWord } from '../../state/model'
import { Button } from '../kit/buttons'
import { ProblemNotice } from '../kit/notices'
import { NumberPlate } from '../drawing/number_plate'
import { QrCode } from '../drawing/qr'
import { Icon } from '../drawing/icons'
import { Shape } from '../drawing/shapes'
import { type Say, useAct, useHands, useSay } from '../hands'
import { clockTime } from '../times'
import { check as checkWords } from '../words/check'
import { verdicts, verdictsBelow } from '../words/common'
import { languages } from '../words/device'
import { verdict as words } from '../words/verdict'
import { ReasonCard, ReasonLine, standing } from './reasons'
import { beginning } from './way'

const MOST_REASONS = 3

export const shapeOfVerdict = (word: VerdictWord): Standing =>
  word === 'cleared' || word === 'released' ? 'passed' : word === 'refused' || word === 'release_refused' ? 'failed' : 'unknown'

/** The verdict takes the whole screen: one word to be read from three metres, then why. */
export function VerdictScreen({ check, verdict }: { check: Check; verdict: Verdict }) {
  const say = useSay()
  const { turned } = useHands()
  if (turned.value !== null) return <ForDriver check={check} verdict={verdict} language={turned.value} />
  const against = standing(verdict.reasons)
  return (
    <>
      <main class={`verdict ${shapeOfVerdict(verdict.word)}`} tabIndex={0}>
        <WordScreen check={check} verdict={verdict} say={say} />
        {check.releaseCode !== null && <ReleaseCode text={check.releaseCode} say={say} />}
        {against.length > 0 && (
          <section class="all-reasons">
            <h2>{say(words.details)}</h2>
            <ul class="cards">{against.map((reason, place) => <ReasonCard key={place} reason={reason} />)}</ul>
          </section>
        )}
      </main>
      <footer class="foot"><Ways check={check} word={verdict.word} /></footer>
    </>
  )
}

function WordScreen({ check, verdict, say }: { check: Check; verdict: Verdict; say: Say }) {
  const against = standing(verdict.reasons)
  const { word, at, judgedBy } = verdict
  return (
    <div class="word-screen">
      <div role="alert" class="word-said">
        <h1 class={`word ${shapeOfVerdict(word)}`}><Shape standing={shapeOfVerdict(word)} /><span>{say(verdicts[word])}</span></h1>
        <p class="word-below">{say(verdictsBelow[word])}</p>
      </div>
      <p class="word-about">
        {check.tractor && <NumberPlate plate={check.tractor} />}
        {check.trailer && <NumberPlate plate={check.trailer} />}
        <span class="mono">{check.number}</span>
        <span>{say(words.at(clockTime(at)))} · {say(judgedBy === 'server' ? checkWords.byServer : checkWords.byTablet)}</span>
      </p>
      <ul class="reason-lines">
        {against.slice(0, MOST_REASONS).map((reason, place) => <ReasonLine key={place} reason={reason} say={say} />)}
      </ul>
      {against.length > MOST_REASONS && <p class="word-more">{say(words.more(against.length - MOST_REASONS))}</p>}
    </div>
  )
}

function ReleaseCode({ text, say }: { text: string; say: Say }) {
  return (
    <section class="release-code">
      <QrCode text={text} label={say(words.releaseCode)} />
      <div>
        <h2>{say(words.releaseCode)}</h2>
        <p>{say(words.releaseCodeLead)}</p>
      </div>
    </section>
  )
}

/** What can be done with a verdict: the one that is usual last, where the thumb is. */
function Ways({ check, word }: { check: Check; word: VerdictWord }) {
  const say = useSay()
  const { tablet, work, turned } = useHands()
  const act = useAct()
  const load = (): void => { work.value = { view: 'loading' } }
  const again = (): void => void act.run(async () => {
    await tablet.recheck()
    work.value = beginning(tablet.check.peek() ?? check)
  })
  return (
    <>
      <ProblemNotice problem={act.problem} />
      <Button icon="turn" onPress={() => { turned.value = tablet.settings.peek().language }}>{say(words.turn)}</Button>
      {check.slipAddress !== null && (
        <a class="button plain" href={check.slipAddress} target="_blank" rel="noopener"><Icon name="print" /><span>{say(words.print)}</span></a>
      )}
      {(word === 'refused' || word === 'not_proven') && (
        <Button look="quiet" onPress={() => tablet.leave()}>{say(words.nextVehicle)}</Button>
      )}
      {word === 'cleared' && <Button look="primary" onPress={load}>{say(words.load)}</Button>}
      {(word === 'refused' || word === 'not_proven') && (
        <Button look="primary" disabled={act.running} onPress={again}>{say(words.recheck)}</Button>
      )}
      {word === 'release_refused' && <Button look="primary" onPress={load}>{say(words.enterAgain)}</Button>}
      {(word === 'released' || word === 'release_waiting') && (
        <Button look="primary" icon="next" onPress={() => tablet.leave()}>{say(words.nextVehicle)}</Button>
      )}
    </>
  )
}

/** Upside down for whoever stands opposite, in a language of his own. */
function ForDriver({ check, verdict, language }: { check: Check; verdict: Verdict; language: 'zh' | 'en' }) {
  const { turned } = useHands()
  const say: Say = (said) => said[language]
  return (
    <main class={`verdict for-driver ${shapeOfVerdict(verdict.word)}`} lang={language === 'zh' ? 'zh-CN' : 'en'}>
      <div class="driver-screen" role="region" aria-label={say(words.forDriver)} tabIndex={0}>
        <WordScreen check={check} verdict={verdict} say={say} />
        {check.releaseCode !== null && <ReleaseCode text={check.releaseCode} say={say} />}
        <p class="ask-loader">{say(words.askLoader)}</p>
      </div>
      <div class="foot">
        <div class="choices" role="group" aria-label={say(words.driverLanguage)}>
          {(['zh', 'en'] as const).map((one) => (
            <button key={one} type="button" class="button plain" aria-pressed={one === language} lang={one === 'zh' ? 'zh-CN' : 'en'} onClick={() => { turned.value = one }}>
              <span>{languages[one][one]}</span>
            </button>
          ))}
        </div>
        <Button look="primary" icon="turn" onPress={() => { turned.value = null }}>{say(words.turnBack)}</Button>
      </div>
    </main>
  )
}
