# shellcheck shell=bash
# lint: every check that needs no running program.
#
# clang-tidy is the expensive one, ten seconds a file. On a developer's machine it
# reads the files that differ from the last commit; in CI (CI=true) those of the
# rooms in tidy-rooms.txt, without the tests, which the compilers' warnings have to
# do for; with --all, every file.

sources() { git ls-files --cached --others --exclude-standard -- '*.cc' '*.h' | existing; }
# dev.d/ is checked as part of dev, which sources it.
scripts() {
  git ls-files --cached --others --exclude-standard -- dev .ci/run k8s/check k8s/build-image '*.sh' |
    grep -v '^dev\.d/' | existing
}
protos() { git ls-files --cached --others --exclude-standard -- 'proto/*.proto' | existing; }
existing() { while IFS= read -r file; do [[ ! -f $file ]] || printf '%s\n' "$file"; done; }
buf() {
  local binary=(node_modules/@bufbuild/buf-linux-*/bin/buf)
  "${binary[0]}" "$@"
}

format_sources() {
  say "Formatting"
  sources | xargs -r clang-format-19 -i
  if [[ -n $(protos) ]]; then buf format -w; fi
}

check_format() { sources | xargs -r clang-format-19 --dry-run -Werror; }

check_contract() {
  [[ -n $(protos) ]] || return 0
  buf lint
}

# The contract is free to change until the first release; from then on it may
# only grow.
check_compatibility() {
  local release
  release=$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null) || {
    note "no release yet, nothing to be compatible with"
    return 0
  }
  buf breaking --against ".git#tag=$release"
}

check_scripts() { scripts | xargs -r shellcheck -x -a; }

# Who may include whom, sizes, names: read from the sources by a test.
check_layout() {
  build dev architecture_test
  ctest --test-dir build/dev --no-tests=error --output-on-failure -R '^architecture_test$'
}

check_manifests() { [[ ! -x k8s/check ]] || k8s/check; }

# Prints the translation units to tidy: the changed ones, and those of changed
# headers; other ones in CI and with --all.
files_to_tidy() {
  if [[ ${1:-} == --all ]]; then
    sources | grep '\.cc$'
    return
  fi
  if [[ ${CI:-} == true ]]; then
    sources | grep -f <(sed -n 's|^[a-z].*|^&/.*\\.cc$|p' dev.d/tidy-rooms.txt) | grep -v '_test\.cc$'
    return
  fi
  {
    git diff --name-only HEAD -- '*.cc' '*.h'
    git ls-files --others --exclude-standard -- '*.cc' '*.h'
  } | sed 's/\.h$/.cc/' | sort -u | existing
}

check_tidy() {
  local files
  mapfile -t files < <(files_to_tidy "$@")
  if [[ ${#files[@]} -eq 0 ]]; then return 0; fi
  build clang-tidy canvass_generated
  note "clang-tidy on ${#files[@]} files"
  printf '%s\0' "${files[@]}" |
    xargs -0 -P "$(job_count)" -n 1 clang-tidy-19 --quiet -p build/clang-tidy 2>/dev/null
}

# check NAME COMMAND...: runs one check, says how it went.
check() {
  local name=$1 started=$SECONDS
  shift
  # Not "if ("$@")": a condition would switch errexit off inside the check.
  set +e
  (
    set -e
    "$@"
  )
  local status=$?
  set -e
  if [[ $status -eq 0 ]]; then
    printf '%sok%s    %-14s %3d s\n' "$green" "$plain" "$name" $((SECONDS - started))
  else
    printf '%sFAIL%s  %-14s %3d s\n' "$red" "$plain" "$name" $((SECONDS - started))
    failed+=("$name")
  fi
}

lint() {
  local failed=()
  say "Linting"
  check format check_format
  check contract check_contract
  check compatibility check_compatibility
  check scripts check_scripts
  check layout check_layout
  check manifests check_manifests
  check clang-tidy check_tidy "$@"
  [[ ${#failed[@]} -eq 0 ]] || die "lint found faults in: ${failed[*]}"
}
