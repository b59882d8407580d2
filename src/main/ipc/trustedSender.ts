import type { IpcMainInvokeEvent, WebContents } from 'electron'
import { appOrigin } from '../confinement'

/** The parts of an IPC event that say who sent it. */
export type Sender = Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>

/** Whether a message comes from the top frame of the app's own page in the app's own window. */
export function isTrustedSender({ sender, senderFrame }: Sender, window: WebContents): boolean {
  // The frame is null if it navigated or was removed while its message was in flight.
  return sender === window && senderFrame?.parent === null && senderFrame.origin === appOrigin
}
