# shellcheck shell=bash
# What the commands say. Everything goes to standard error, so that a command's
# own output stays clean.

if [[ -t 2 && -z ${NO_COLOR:-} ]]; then
  bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
else
  bold='' red='' green='' plain=''
fi

# say TEXT: one line about what happens now.
say() { printf '%s==> %s%s\n' "$bold" "$*" "$plain" >&2; }

# note TEXT: a detail of it.
note() { printf '    %s\n' "$*" >&2; }

# die TEXT: says what is wrong and ends with status 1.
die() {
  printf '%serror:%s %s\n' "$red" "$plain" "$*" >&2
  exit 1
}
