# shellcheck shell=bash
# build: one preset into build/<preset>, one build of a preset at a time.

# Prints how many jobs this machine bears: a core each, and 1.5 GB of memory.
job_count() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable/ { print int($2 / 1572864) }' /proc/meminfo)
  if ((memory < 1)); then memory=1; fi
  echo $((cores < memory ? cores : memory))
}

configure() {
  local preset=$1 log=build/$1-configure.log
  say "Configuring build/$preset"
  cmake --preset "$preset" >"$log" 2>&1 || {
    rm -f "build/$preset/build.ninja"
    tail -n 40 "$log" >&2
    die "CMake failed; the whole log is $log"
  }
}

# build PRESET [TARGET...]
build() {
  local preset=$1 started=$SECONDS
  shift
  cmake --list-presets | grep -q "\"$preset\"" || die "there is no preset '$preset'; see ./dev help"
  mkdir -p build
  (
    flock -n 9 || {
      note "another ./dev builds $preset; waiting for it"
      flock 9
    }
    if [[ ! -f build/$preset/build.ninja ]]; then
      configure "$preset"
      note "the first build takes some minutes; later ones only what changed"
    fi
    say "Building $preset ${*:+($*)}"
    export NINJA_STATUS='    %f of %t, %e s  '
    ninja -C "build/$preset" -j "$(job_count)" "$@" 9>&-
  ) 9>"build/.$preset.lock" >&2
  note "built in $((SECONDS - started)) s"
}
