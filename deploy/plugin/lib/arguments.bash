# Reads the command line by the tables of commands.bash.
# shellcheck shell=bash

command=
declare -A flags=()
words=()

# usage_error TEXT
usage_error() {
  complain "$*"
  echo "See $program ${command:+$command }--help." >&2
  exit 2
}

# flags_of COMMAND - the rows of the flags that it takes: `name|short|placeholder|help`; without a placeholder the flag takes
# no value.
flags_of() {
  [[ -z $1 ]] || printf '%s' "${command_flags[$1]}"
  printf '%s' "$connection_flags"
}

# find_flag COMMAND NAME - sets flag_name and flag_placeholder.
find_flag() {
  local name short placeholder help
  while IFS='|' read -r name short placeholder help; do
    if [[ -n $name && ($2 == "--$name" || (-n $short && $2 == "-$short")) ]]; then
      flag_name=$name
      flag_placeholder=$placeholder
      return 0
    fi
  done < <(flags_of "$1")
  return 1
}

# parse_arguments WORD... - sets command, flags and words.
parse_arguments() {
  local word value flag_name flag_placeholder
  while (($# > 0)); do
    word=$1
    shift
    case $word in
      --)
        words+=("$@")
        break
        ;;
      -?*)
        value=
        local has_value=
        case $word in
          --*=*) value=${word#*=} word=${word%%=*} has_value=yes ;;
          --*) ;;
          -??*) value=${word:2} word=${word:0:2} has_value=yes value=${value#=} ;;
        esac
        find_flag "$command" "$word" || unknown_flag "$word"
        if [[ -z $flag_placeholder ]]; then
          [[ -z $has_value || $value == true || $value == false ]] || usage_error "--$flag_name takes no value: $value"
          if [[ $value == false ]]; then unset "flags[$flag_name]"; else flags[$flag_name]=true; fi
          continue
        fi
        if [[ -z $has_value ]]; then
          (($# > 0)) || usage_error "--$flag_name needs a value: $flag_placeholder"
          value=$1
          shift
        fi
        check_value "$flag_name" "$flag_placeholder" "$value"
        flags[$flag_name]=$value
        ;;
      *)
        if [[ -z $command ]]; then
          [[ -v command_flags[$word] ]] || unknown_command "$word"
          command=$word
        else
          words+=("$word")
        fi
        ;;
    esac
  done
  [[ -z $command || -n ${flags[help]-} ]] || check_words
}

# check_value NAME PLACEHOLDER VALUE - a placeholder with bars is a choice.
check_value() {
  if [[ $2 == *'/'* && "/$2/" != *"/$3/"* ]]; then
    usage_error "\"$3\" is no value of --$1: ${2//\//, }"
  elif [[ $2 == lines && ! $3 =~ ^[0-9]{1,7}$ ]]; then
    usage_error "\"$3\" is no value of --$1: a number"
  elif [[ -z $3 ]]; then
    usage_error "--$1 needs a value: $2"
  fi
}

# How many words must follow the command: `METRIC` for one, `FILE...` for one or more, `SHELL` for one.
check_words() {
  local wanted=${command_words[$command]-}
  case $wanted in
    *...) ((${#words[@]} > 0)) || usage_error "$command needs an argument: $wanted" ;;
    '') ((${#words[@]} == 0)) || usage_error "unexpected argument: ${words[0]}" ;;
    *)
      ((${#words[@]} > 0)) || usage_error "$command needs an argument: $wanted"
      ((${#words[@]} == 1)) || usage_error "unexpected argument: ${words[1]}"
      ;;
  esac
}

unknown_flag() {
  local name rest candidates=()
  if [[ -z $command ]]; then
    for name in "${!command_flags[@]}"; do
      if find_flag "$name" "$1"; then usage_error "$1 needs a command that takes it: $name, for one"; fi
    done
  fi
  while IFS='|' read -r name rest; do candidates+=("--$name"); done < <(flags_of "$command")
  usage_error "unknown flag: $1$(suggestion "$1" "${candidates[@]}")"
}

unknown_command() { usage_error "unknown command: $1$(suggestion "$1" "${!command_flags[@]}")"; }

# suggestion WORD CANDIDATE... - ` (did you mean …?)`, or nothing where none is near.
suggestion() {
  local word=$1 candidate best='' distance least=3
  shift
  for candidate in "$@"; do
    distance=$(edit_distance "$word" "$candidate")
    if ((distance < least)); then
      least=$distance
      best=$candidate
    fi
  done
  [[ -z $best ]] || printf ' (did you mean %s?)' "$best"
}

# edit_distance A B - how many letters must be put in, taken out or changed (Levenshtein).
edit_distance() {
  local a=$1 b=$2 i j cost left
  local -a before now
  for ((j = 0; j <= ${#b}; j++)); do before[j]=$j; done
  for ((i = 1; i <= ${#a}; i++)); do
    now=("$i")
    for ((j = 1; j <= ${#b}; j++)); do
      cost=1
      [[ ${a:i-1:1} != "${b:j-1:1}" ]] || cost=0
      left=$((now[j - 1] + 1))
      now[j]=$((before[j] + 1))
      ((left >= now[j])) || now[j]=$left
      ((before[j - 1] + cost >= now[j])) || now[j]=$((before[j - 1] + cost))
    done
    before=("${now[@]}")
  done
  echo "${before[${#b}]}"
}

# pass_on NAME... - prints the given ones of these flags as the executables take them, ended by NUL.
pass_on() {
  local name flag_name flag_placeholder
  for name in "$@"; do
    [[ -v flags[$name] ]] || continue
    find_flag "$command" "--$name"
    printf -- '--%s=%s\0' "$name" "${flags[$name]}"
  done
}
