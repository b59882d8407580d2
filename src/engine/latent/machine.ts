import { arch, cpus, platform } from 'node:os'

/** Identifies the kind of this machine: on processors of the same name, equal work gives equal bits. */
export function machineName(): string {
  return [platform(), arch(), cpus().at(0)?.model.trim()].filter(Boolean).join(' ')
}
