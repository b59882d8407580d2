import { arch, cpus, platform } from 'node:os'

/** Names the kind of this machine: on processors of one name, equal work gives equal bits. */
export function machineName(): string {
  return [platform(), arch(), cpus().at(0)?.model.trim()].filter(Boolean).join(' ')
}
