#!/usr/bin/env bash
# Runs an array of 8 shards on a real Slurm of two nodes on this machine, kills two of them at random and
# requeues them, merges the result, and compares it with a single run. Debian: apt-get install slurm-wlm
# munge; run as root, after npm run build.
#
#   test/cluster/slurm.sh [FOLDER]
set -euo pipefail
for program in slurmctld slurmd sbatch munged; do
  command -v "$program" >/dev/null || { echo "SKIPPED: there is no $program: apt-get install slurm-wlm munge"; exit 0; }
done
[[ $EUID -eq 0 ]] || { echo "SKIPPED: starting a Slurm takes root"; exit 0; }

root=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mkdir -p "${1:-$(mktemp -d)}" && cd "${1:-$_}" && pwd)
model=$root/test/golden/fixtures/unet/one-layer
sample=(node "$root/out/main/cli.js" sample --model "$model" --count 320 --steps 100 --device cpu --threads 1 --content npy)
host=$(hostname -s)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true' EXIT

mkdir -p "$dir"/{state,log} /run/munge /var/lib/munge /var/log/munge
[[ -f /etc/munge/munge.key ]] || dd if=/dev/urandom of=/etc/munge/munge.key bs=1024 count=1 status=none
chown -R munge: /etc/munge /run/munge /var/lib/munge /var/log/munge
chmod 400 /etc/munge/munge.key
munge -n >/dev/null 2>&1 || su -s /bin/bash munge -c '/usr/sbin/munged --force'

cat >"$dir/slurm.conf" <<X
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
AuthType=auth/munge
SlurmUser=root
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool-%n
SlurmctldPidFile=$dir/ctld.run
SlurmdPidFile=$dir/slurmd-%n.run
SlurmctldLogFile=$dir/log/ctld.log
SlurmdLogFile=$dir/log/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SchedulerType=sched/backfill
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
MpiDefault=none
# Exit code of a shard that was told to stop: worth a retry.
RequeueExit=75
SlurmctldPort=16917
NodeName=n0 NodeHostname=$host NodeAddr=127.0.0.1 Port=17101 CPUs=1 State=UNKNOWN
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=17102 CPUs=1 State=UNKNOWN
PartitionName=all Nodes=n0,n1 Default=YES MaxTime=INFINITE State=UP
X
export SLURM_CONF=$dir/slurm.conf
slurmctld -D >"$dir/log/ctld.out" 2>&1 & pids+=($!)
sleep 2
for node in n0 n1; do slurmd -D -N $node >"$dir/log/$node.out" 2>&1 & pids+=($!); done
for _ in $(seq 30); do [[ "$(sinfo -h -o %t 2>/dev/null | sort -u)" == idle ]] && break; sleep 1; done
sinfo

cat >"$dir/job.sh" <<X
#!/bin/bash
#SBATCH --array=0-7
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:TERM@60
#SBATCH --output=$dir/log/shard-%a.log
exec ${sample[*]} -o $dir/shards --shard auto/8
X
job=$(sbatch --parsable "$dir/job.sh")
victims=($(shuf -i 0-7 -n 2))
echo "job $job; SIGTERM goes to shard ${victims[0]}, SIGKILL to shard ${victims[1]}"

# Each victim is hit only after it has written an item, so that there is something to keep.
wait_for_item() {
  for _ in $(seq 600); do grep -q ' written, ' "$dir/log/shard-$1.log" 2>/dev/null && return; sleep 0.1; done
  echo "shard $1 never wrote an item"; exit 1
}
hit() {
  wait_for_item "$2"
  local pid
  pid=$(pgrep -f -- "-o $dir/shards --shard auto/8" | while read -r one; do
    tr '\0' '\n' <"/proc/$one/environ" | grep -qx "SLURM_ARRAY_TASK_ID=$2" && echo "$one"; done | head -1)
  if [[ -z $pid ]]; then echo "shard $2 was done before it could be hit"; return; fi
  kill -"$1" "$pid"
}
hit TERM "${victims[0]}" & first=$!
hit KILL "${victims[1]}" & second=$!
wait $first $second
# A task that was killed outright has failed and is not requeued: that is up to whoever watches the array.
for _ in $(seq 100); do
  state=$(scontrol show job "${job}_${victims[1]}" 2>/dev/null | grep -o 'JobState=[A-Z]*' || true)
  [[ $state == *FAILED* ]] && { scontrol requeue "${job}_${victims[1]}"; break; }
  [[ $state == *COMPLETED* ]] && break
  sleep 0.2
done
for _ in $(seq 300); do
  # Slurm makes a requeued task wait two minutes, which is unnecessary in a test.
  for task in $(squeue -h -r -j "$job" -t PENDING -o %i); do scontrol update JobId="$task" StartTime=now 2>/dev/null || true; done
  running=$(squeue -h -j "$job" 2>/dev/null | wc -l)
  (( running == 0 )) && break
  sleep 1
done
grep -H 'earlier run' "$dir"/log/shard-*.log || true

"${sample[@]}" -o "$dir/whole" 2>/dev/null
node "$root/out/main/cli.js" merge "$dir/shards"
for item in "$dir"/whole/*.npy; do cmp "$item" "$dir/shards/$(basename "$item")"; done
cmp "$dir/whole/provenance.json" "$dir/shards/provenance.json"
echo "PASSED: $(find "$dir/whole" -name '*.npy' | wc -l) items of 8 shards, two of them killed, equal those of one run byte for byte"
