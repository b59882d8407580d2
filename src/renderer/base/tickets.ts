/** True while this is the latest request; stale answers are ignored. */
export type Ticket = () => boolean

/**
 * Returns a function that draws a ticket for each request. Only the ticket drawn last is valid, so an answer
 * that arrives late never replaces the answer to a newer request.
 */
export function createTickets(): () => Ticket {
  let last = 0
  return () => {
    const own = ++last
    return () => own === last
  }
}
