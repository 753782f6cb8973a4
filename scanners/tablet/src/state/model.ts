/**
 * What the screens see and may do: the contract between the tablet's screens and everything behind
 * them. Screens read signals and call these functions; they know no network, no storage, no keys.
 *
 * Every act answers at once with what is known, whether the network is there or not. A promise that
 * resolves means "kept on this tablet, never lost"; whether the server has it is said by `sending`.
 * An act that cannot be done rejects with a `Refusal`, whose words can be shown as they are.
 */

export * from './model/words'
export * from './model/vehicle'
export * from './model/asked'
export * from './model/check'
export * from './model/loading'
export * from './model/device'
export * from './model/tablet'
