# The faults that bin/storage-fault-test tries; sourced by it. It gives work, root, own and as.
all=(missing file forbidden read-only names newline long unsupported no-connector newer crc busy dead full inodes vanishing
  clock-back midnight daylight plain locale-C locale-tr locale-de locale-ar)
library="$(ls /usr/lib/*/faketime/libfaketime.so.1 2> /dev/null | head -1 || true)"

# Why a fault cannot be tried on this machine; fails if it can.
cannot() {
  case "$1" in
    full | inodes | vanishing) [ "$(id -u)" != 0 ] && echo "only root can mount a tmpfs" ;;
    clock-back | midnight | daylight) [ -z "$library" ] && echo "libfaketime is not installed (apt-get install faketime)" ;;
    *) false ;;
  esac
}

# Whether a fault concerns a command: a fault of inputs does not concern a command without inputs, and so on.
concerns() { # fault words
  case "$1" in
    newer) [[ " $2 " == *" W "* && ! "$2" =~ ^(upgrade|rollback|history)\  ]] ;;
    read-only) [[ "$2" =~ \ (W|O|D)([. ]|$) && ! "$2" =~ ^(history|rollback)\  ]] ;;
    full | inodes | vanishing) [[ "$2" =~ \ (W|O|D)([. ]|$) ]] ;;
    crc) [[ "$2" =~ \ (W|P|I/traces) ]] ;;
    *) true ;;
  esac
}

# The exit codes that a cell may have: 0 and 5 only if the command can do its work in spite of the fault. rollback has no
# version before the only one, which is exit code 2.
expected() { # fault command
  case "$1,$2" in
    busy,ingest | busy,analyze | busy,refresh | busy,rollback | busy,upgrade | busy,expire) echo 4 ;;
    full,refresh | inodes,refresh) echo 6 ;;
    full,init | full,upgrade | full,expire | inodes,init | inodes,upgrade | inodes,expire | inodes,compare | inodes,export | inodes,report) echo "0 2" ;;
    full,rollback | inodes,rollback) echo "2 6" ;;
    full,history | inodes,history) echo 0 ;;
    vanishing,history | vanishing,upgrade | vanishing,expire | vanishing,init | vanishing,export) echo "0 2" ;;
    vanishing,refresh | vanishing,rollback) echo "2 6" ;;
    full,* | inodes,* | vanishing,*) echo 2 ;;
    unsupported,* | no-connector,*) case "$2" in refresh) echo "2 6" ;; *) echo 2 ;; esac ;;
    missing,* | file,* | forbidden,* | read-only,* | newer,*) [ "$2" = refresh ] && echo "2 6" || echo 2 ;;
    crc,refresh | crc,ingest | crc,analyze | crc,solve | crc,compare | crc,report | crc,scaling) echo 2 ;;
    crc,expire) echo "0 2" ;;
    *) case "$2" in rollback) echo 2 ;; refresh) echo "0 5" ;; *) echo 0 ;; esac ;;
  esac
}

# Whether the fault must be found before Spark starts. The night of refresh writes its metrics even if it fails.
early() { # fault command
  [[ "$1" =~ ^(missing|file|forbidden|read-only|newer)$ && "$2" != refresh ]]
}

tmpfs() { # options: mounts one with a copy of the warehouse
  mount -t tmpfs -o "$1" tmpfs "$f"; cp -r "$W" "$f/w"; W="$f/w"
}

# Sets the clock of the command, without setting that of the machine.
clock() { # UTC time
  surroundings+=("LD_PRELOAD=$library" "FAKETIME=-$(($(date +%s) - $(date -ud "$1" +%s)))" FAKETIME_DONT_FAKE_MONOTONIC=1
    FAKETIME_FORCE_MONOTONIC_FIX=0 NO_FAKE_STAT=1)  # Java waits by the monotonic clock
}

in_folder() { # name: everything in a folder with that name
  local d="$f/$1"; mkdir "$d"; cp -r "$W" "$d/w$2"; cp -r "$I" "$d/i$2"; cp -r "$P" "$d/p$2"
  W="$d/w$2" I="$d/i$2" P="$d/p$2" O="$d/o$2" D="$d/d$2" locale=C
}

place() { # fault: sets W I P O D and prepares them
  f="$work/faults/$1"; clear_place "$1"; mkdir -p "$f"
  W="$work/good" I="$work/in" P="$work/plan" O="$f/file" D="$f/out" locale='' surroundings=()
  case "$1" in
    missing) W="$f/none" I="$f/none" P="$f/none" O="$f/none/x/out" ;;
    file) touch "$f/a"; W="$f/a" I="$f/a" P="$f/a" O="$f/a/out" D="$f/a/out" ;;
    forbidden) cp -r "$W" "$f/w"; cp -r "$I" "$f/i"; cp -r "$P" "$f/p"; mkdir "$f/o"
      W="$f/w" I="$f/i" P="$f/p" O="$f/o/out" D="$f/o/out" ;;
    read-only) cp -r "$W" "$f/w"; mkdir "$f/o"; W="$f/w" O="$f/o/out" D="$f/o/out" ;;
    names) in_folder 'a:b [1-3]{x,y} für 日 100%25 #1' ':*;1,q?' ;;
    newline) in_folder $'line\nline\r' $'\n1' ;;
    long) in_folder "$(printf 'n%.0s' {1..255})" "$(printf 'n%.0s' {1..249})" ;;
    unsupported) W=foo://host/w I=foo://host/i P=foo://host/p O=foo://host/o D=foo://host/d ;;
    no-connector) W=s3a://bucket/w I=s3a://bucket/i P=s3a://bucket/p O=s3a://bucket/o D=s3a://bucket/d ;;
    newer) cp -r "$W" "$f/w"; W="$f/w"; sed -i 's/"traces" : [0-9]*/"traces" : 99/' "$W/_schema.json" ;;
    crc) cp -r "$W" "$f/w"; cp -r "$I" "$f/i"; cp -r "$P" "$f/p"; W="$f/w" I="$f/i" P="$f/p"
      # A checksum file that belongs to an earlier file of the same name.
      find "$f" -type f ! -name '.*' -execdir sh -c 'printf "crc\0\0\0\2\0\1\2\3\4" > ".${1#./}.crc"' - {} \; ;;
    busy | dead) cp -r "$W" "$f/w"; W="$f/w"
      printf '{"host":"elsewhere","system":"s","pid":1,"process_started":"","run_id":"r","command":"ingest","since":"s","nonce":"n","released":false}' \
        > "$W/_locks/refresh-00000099.json"
      [ "$1" = busy ] || { mkdir -p "$W/_staging/r/traces" "$W/drift/_staging-r"; head -c 100 /dev/zero > "$W/_staging/r/traces/part.parquet"
        cp "$W/_staging/r/traces/part.parquet" "$W/drift/_staging-r"; touch -d '10 minutes ago' "$W/_locks/refresh-00000099.json"; } ;;
    full) tmpfs "size=$(($(du -sm "$W" | cut -f1) + 8))m"; other_day; head -c 1G /dev/zero > "$f/filler" 2> /dev/null || true ;;
    inodes) tmpfs "nr_inodes=$(($(find "$W" | wc -l) + 8))"; other_day ;;
    vanishing) cp -r "$W" "$work/copy"; tmpfs size=1g; rm -rf "$work/copy"; other_day ;;
    clock-back) cp -r "$W" "$f/w"; W="$f/w"; clock '2026-10-01 12:00:00' ;;
    midnight) cp -r "$W" "$f/w"; W="$f/w"; clock '2026-09-15 23:59:57' ;;
    daylight) cp -r "$W" "$f/w"; W="$f/w"; surroundings=(TZ=Europe/Berlin); clock '2026-10-25 00:59:57' ;;
    plain) cp -r "$W" "$f/w"; W="$f/w"; surroundings=(TZ=UTC LC_ALL=C.UTF-8); language en US ;;
    locale-*) cp -r "$W" "$f/w"; W="$f/w"; surroundings=(TZ=America/New_York)
      case "$1" in *-C) surroundings+=(LC_ALL=C) ;; *-tr) language tr TR ;; *-de) language de DE ;; *-ar) language ar EG ;; esac ;;
  esac
  own "$f"
  case "$1" in forbidden) chmod 000 "$f"/* ;; read-only) chmod -R a-w "$f/w" "$f/o" ;; esac
}

language() { surroundings+=("JAVA_TOOL_OPTIONS=-Duser.language=$1 -Duser.country=$2"); }

# An input that the warehouse does not have yet.
other_day() {
  I="$work/other"; [ -d "$I" ] || { cp -r "$work/in" "$I"; rm "$I"/traces/*; cp "$root/samples/day06.safetensors.zst" "$I/traces"; own "$I"; }
}

# What happens while the command runs: the mount vanishes soon after Spark has started, or at once if the command needs no Spark.
during() { # fault command log
  [ "$1" = vanishing ] || return 0
  : > "$3"
  (if [[ ! "$2" =~ ^(rollback|history|upgrade|expire|init|export)$ ]]; then
    for _ in {1..600}; do grep -q '\] Spark [0-9]' "$3" && break; sleep 0.1; done
  fi
  sleep 0.3; umount -l "$work/faults/vanishing") &
  watcher=$!
}
watcher=

clear_place() { # fault
  local f="$work/faults/$1"
  [ -z "$watcher" ] || { kill "$watcher" 2> /dev/null || true; wait "$watcher" 2> /dev/null || true; watcher=; }
  while umount "$f" 2> /dev/null; do :; done
  chmod -R u+rwX "$f" 2> /dev/null || true
  rm -rf "$f"
}
