# shellcheck shell=bash
# setup: installs what is missing, and nothing else. A run that finds all in
# place takes a fraction of a second and needs no rights.

# Prints the packages of dev.d/packages.txt that are not installed.
missing_packages() {
  local wanted
  wanted=$(sed -e 's/#.*//' -e '/^ *$/d' dev.d/packages.txt)
  # Node may come from elsewhere than Debian: its commands count, not packages.
  command -v node >/dev/null || wanted+=$'\nnodejs'
  command -v npm >/dev/null || wanted+=$'\nnpm'
  # shellcheck disable=SC2086,SC2016  # one word a package; the format is dpkg's
  comm -23 <(sort -u <<<"$wanted") \
    <(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' $wanted 2>/dev/null |
      sed -n 's/^ii *//p' | sort -u)
}

# Prints the prefix that runs a command as root: nothing for root itself.
as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    echo env
  elif command -v sudo >/dev/null; then
    echo sudo
  else
    die "some Debian packages are missing and this needs root; as root, run
       apt-get install --no-install-recommends $*"
  fi
}

install_packages() {
  command -v apt-get >/dev/null ||
    die "this is not a Debian system; install the packages of dev.d/packages.txt in your own way"
  local root apt
  root=$(as_root "$@")
  apt=("$root" DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600)
  say "Installing $# Debian packages (a few minutes the first time)"
  note "$*"
  mkdir -p build
  if ! { "${apt[@]}" update &&
    "${apt[@]}" install -y --no-install-recommends "$@"; } >build/setup.log 2>&1; then
    tail -n 25 build/setup.log >&2
    die "apt-get failed; the whole log is build/setup.log"
  fi
}

install_npm_tools() {
  say "Installing the npm tools: buf, typescript (some seconds)"
  mkdir -p build
  npm ci --ignore-scripts >build/npm.log 2>&1 || {
    tail -n 25 build/npm.log >&2
    die "npm ci failed; the whole log is build/npm.log"
  }
  cp package-lock.json node_modules/.installed-lock.json
}

setup() {
  local missing
  mapfile -t missing < <(missing_packages)
  if [[ ${#missing[@]} -gt 0 ]]; then install_packages "${missing[@]}"; fi
  cmp -s package-lock.json node_modules/.installed-lock.json || install_npm_tools
}
