import type { ComponentChildren } from 'preact'
import type { Signs } from '../../state/model'
import { Mark, OrangePlate, Placard } from '../drawing/signs'
import { useSay } from '../hands'
import { handOver as words } from '../words/check'

/** The signs as they must be seen on the vehicle, and where. */
export function SignsDrawn({ signs }: { signs: Signs }) {
  const say = useSay()
  const { plates, placards, marks } = signs
  if (plates.length + placards.length + marks.length === 0) return <p class="lead">{say(words.noSigns)}</p>
  return (
    <div class="signs">
      {plates.length > 0 && (
        <Group title={say(words.plates)}>
          {plates.map(({ upper, lower, where, count }) => (
            <figure key={`${upper}${lower}${where.en}`}>
              <OrangePlate upper={upper} lower={lower} label={say(upper === '' ? words.plainPlate : words.numberedPlate(upper, lower))} />
              <figcaption><span>{say(where)}</span><span>{say(words.times(count))}</span></figcaption>
            </figure>
          ))}
        </Group>
      )}
      {placards.length > 0 && (
        <Group title={say(words.placards)}>
          {placards.map(({ label, where, name }) => (
            <figure key={`${label}${where.en}`}>
              <Placard label={label} name={say(name)} />
              <figcaption><strong>{label} {say(name)}</strong><span>{say(where)}</span></figcaption>
            </figure>
          ))}
        </Group>
      )}
      {marks.length > 0 && (
        <Group title={say(words.marks)}>
          {marks.map(({ kind, where, name }) => (
            <figure key={kind}>
              <Mark kind={kind} name={say(name)} />
              <figcaption><strong>{say(name)}</strong><span>{say(where)}</span></figcaption>
            </figure>
          ))}
        </Group>
      )}
    </div>
  )
}

function Group({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="sign-group">
      <h2>{title}</h2>
      <div>{children}</div>
    </section>
  )
}
