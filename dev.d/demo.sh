# shellcheck shell=bash
# demo: a server of its own, real customers played through it, and their
# companies' figures. With --keep the server stays, in build/demo.

demo_kept=build/demo

# Prints the process id of the kept server, if it runs.
demo_kept_pid() {
  local pid
  pid=$(cat "$demo_kept/pid" 2>/dev/null) || return 1
  [[ $(readlink "/proc/$pid/exe" 2>/dev/null) == */canvassd* ]] && echo "$pid"
}

demo_stop() {
  local pid
  if ! pid=$(demo_kept_pid); then
    note "no demo server is running"
    return
  fi
  kill "$pid"
  while demo_kept_pid >/dev/null; do sleep 0.1; done
  rm -f "$demo_kept/pid"
  note "stopped; its data is still in $demo_kept"
}

# demo_start DIR: starts canvassd on DIR and sets demo_pid. Waits until it serves.
demo_start() {
  local dir=$1
  rm -f "$dir/ready.json"
  setsid build/dev/bin/canvassd --data-dir="$dir" --listen=127.0.0.1:0 --http-listen=127.0.0.1:0 \
    --probe-listen=127.0.0.1:0 --ready-file="$dir/ready.json" >"$dir/canvassd.log" 2>&1 </dev/null &
  demo_pid=$!
  while [[ ! -s $dir/ready.json ]]; do
    kill -0 "$demo_pid" 2>/dev/null || {
      tail -n 20 "$dir/canvassd.log" >&2
      die "canvassd did not start; the whole log is $dir/canvassd.log"
    }
    sleep 0.05
  done
}

# demo_port DIR NAME: a port of the server on DIR.
demo_port() { sed -n "s/.*\"$2_port\":\([0-9]*\).*/\1/p" "$1/ready.json"; }

# The Olist orders and reviews, where a data directory beside the checkout has them.
demo_shop() {
  local olist=../shared/data/olist
  if [[ $* != *--orders* && -f $olist/orders.csv.gz ]]; then
    echo "--orders=$olist/orders.csv.gz" "--reviews=$olist/reviews.csv.gz"
  fi
}

demo_next() {
  local dir=$1 address=$2
  cat <<TEXT

The server goes on at $address (HTTP: http://127.0.0.1:$(demo_port "$dir" http)/metrics). Next, try:

  export CANVASS_ADDRESS=$address CANVASS_KEY_FILE=$dir/keys/airport.key PATH="\$PWD/build/dev/bin:\$PATH"
  canvass metric breakdown passenger --metric nps --question recommend --by event.boarding_area
  canvass decision list --contact passenger-1

./dev demo --stop ends it.
TEXT
}

demo() {
  local keep='' dir args=() shop=()
  for argument in "$@"; do
    case $argument in
      --keep) keep=yes ;;
      --help | -h) exec build/dev/bin/canvass-demo --help ;;
      *) args+=("$argument") ;;
    esac
  done
  read -ra shop <<<"$(demo_shop "${args[@]}")"

  if [[ -n $keep ]]; then
    dir=$demo_kept
    mkdir -p "$dir"
    if demo_pid=$(demo_kept_pid); then
      say "Playing again into the server that runs already: nothing is counted twice"
    else
      say "Starting canvassd with a database of its own in $dir"
      demo_start "$dir"
      echo "$demo_pid" >"$dir/pid"
    fi
  else
    dir=$(mktemp -d "${TMPDIR:-/tmp}/canvass-demo-XXXXXX")
    # shellcheck disable=SC2064  # the values of now are meant
    trap "kill \${demo_pid:-} 2>/dev/null; wait 2>/dev/null; rm -rf '$dir'" EXIT
    say "Starting canvassd with a database of its own"
    demo_start "$dir"
  fi
  local address
  address=127.0.0.1:$(demo_port "$dir" grpc)
  say "Playing real customers through it, over gRPC"
  build/dev/bin/canvass-demo --address="$address" --operator-key-file="$dir/operator.key" --keys="$dir/keys" \
    "${shop[@]}" "${args[@]}"
  if [[ ${#shop[@]} -eq 0 && "${args[*]}" != *--orders* ]]; then
    note "a third company, a shop, plays where Olist's data is given: --orders=FILE --reviews=FILE"
  fi
  if [[ -n $keep ]]; then
    demo_next "$dir" "$address"
  else
    note "./dev demo --keep leaves the server running, to look around"
  fi
}
