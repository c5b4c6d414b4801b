#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run_bench.py TRIAGE IMAGE [--jobs N]: `triage run --profile full` against the peers that do the same jobs.

Peers, one after another as a responder would run them: tsk_recover -e, sha256sum of what it wrote, yara -r with the
same rules over it, photorec over the free space, fls -r -m | mactime. Page cache warm, one run each, same machine.
Prints a table with wall and CPU seconds, the ratio, bytes read by the sweep, and the peak memory of all processes
together (sum of proportional set sizes, sampled every 0.2 s). Exit 1 when a stated goal is missed.
"""
import argparse
import glob
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def descendants(pid):
    """The process and everything below it that is alive."""
    found, queue = [], [pid]
    while queue:
        one = queue.pop()
        found.append(one)
        for task in glob.glob(f'/proc/{one}/task/*/children'):
            try:
                with open(task) as children:
                    queue.extend(int(child) for child in children.read().split())
            except OSError:
                pass
    return found


def proportional_kib(pid):
    try:
        with open(f'/proc/{pid}/smaps_rollup') as rollup:
            for line in rollup:
                if line.startswith('Pss:'):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def run(command, cwd=None, stdout=subprocess.DEVNULL, shell=False):
    """(wall s, CPU s, peak KiB of all its processes, exit status)"""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    process = subprocess.Popen(command, cwd=cwd, stdout=stdout, stderr=subprocess.DEVNULL, shell=shell)
    peak = [0]
    done = threading.Event()

    def sample():
        while not done.wait(0.2):
            peak[0] = max(peak[0], sum(proportional_kib(pid) for pid in descendants(process.pid)))

    sampler = threading.Thread(target=sample)
    sampler.start()
    status = process.wait()
    wall = time.monotonic() - begin
    done.set()
    sampler.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, peak[0], status


def peers(image, work):
    rules = sorted(glob.glob(os.path.join(ROOT, 'rules/yara/*.yar')))
    recovered = os.path.join(work, 'recovered')
    photorec = os.path.join(work, 'photorec')
    body = os.path.join(work, 'body')
    rows = []
    rows.append(('tsk_recover -e', run(['tsk_recover', '-e', image, recovered])))
    rows.append(('sha256sum', run(f"find '{recovered}' -type f -print0 | xargs -0 sha256sum", shell=True)))
    rows.append(('yara -r', run(['yara', '-w', '-r', *rules, recovered])))
    rows.append(('photorec freespace', run(['photorec', '/log', '/d', photorec, '/cmd', image,
                                            'partition_none,options,fileopt,everything,enable,freespace,search'],
                                           cwd=work)))
    rows.append(('fls -r -m | mactime', run(f"fls -r -m / '{image}' > '{body}'; mactime -b '{body}' -d -y",
                                            shell=True)))
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('triage')
    parser.add_argument('image')
    parser.add_argument('--jobs', default='2')
    parser.add_argument('--no-peers', action='store_true')
    arguments = parser.parse_args()
    image = os.path.abspath(arguments.image)
    with open(image, 'rb') as data:  # warm the page cache
        while data.read(1 << 24):
            pass
    work = tempfile.mkdtemp(prefix='triage-bench-')
    missed = 0
    try:
        case = os.path.join(work, 'case')
        with open(os.path.join(work, 'run.jsonl'), 'w') as out:
            wall, cpu, peak, status = run([os.path.abspath(arguments.triage), 'run', image, '--case', case, '--profile', 'full',
                                           '-q', '--json', '--jobs', arguments.jobs], stdout=out)
        facts = [json.loads(line) for line in open(os.path.join(work, 'run.jsonl'))]
        size = os.path.getsize(image)
        read = next((f['bytes_read'] for f in facts if 'bytes_read' in f), 0)
        print(f'image {size / 2**30:.2f} GiB, jobs {arguments.jobs}')
        print(f'{"triage run":22} wall {wall:8.1f} s  CPU {cpu:8.1f} s  exit {status}')
        print(f'{"":22} sweep reads {read / size:.4f} x image, peak memory {peak / 1024:.0f} MiB')
        print(f'{"":22} {json.dumps({k: v for k, v in facts[-1].items() if k not in ("schema", "case")})}')
        missed += read > 1.02 * size
        missed += peak > 1024 * 1024
        if not arguments.no_peers:
            total = 0.0
            for name, (peer_wall, peer_cpu, _, peer_status) in peers(image, work):
                total += peer_wall
                print(f'{name:22} wall {peer_wall:8.1f} s  CPU {peer_cpu:8.1f} s  exit {peer_status}')
            print(f'{"sum of the peers":22} wall {total:8.1f} s')
            print(f'ratio {wall / total:.2f} (goal 0.50)')
            missed += wall > 0.5 * total
    finally:
        shutil.rmtree(work, ignore_errors=True)
    sys.exit(1 if missed else 0)


if __name__ == '__main__':
    main()
