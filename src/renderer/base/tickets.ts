/** Says whether nobody has asked since: otherwise an answer is too late to count. */
export type Ticket = () => boolean

/**
 * Returns a function that gives out a ticket for each question. Only the last ticket is valid, so that of
 * answers that overtake each other, the one to the newest question stays.
 */
export function createTickets(): () => Ticket {
  let last = 0
  return () => {
    const own = ++last
    return () => own === last
  }
}
