# use envdoctor [--strict] [OPTION...]
#
# Asks `envdoctor check` about this project, and tells on stderr what is wrong. The environment is loaded all the same; with
# --strict it is not, if the exit code is not 0. Other options go to `envdoctor check`. It belongs at the end of .envrc, where
# it sees what the lines above it set.
use_envdoctor() {
  local strict='' code=0
  if [[ ${1-} == --strict ]]; then
    strict=yes
    shift
  fi
  watch_file envdoctor.yaml mix.exs .tool-versions
  if has envdoctor; then
    # The shell's own hook need not ask again.
    export USE_ENVDOCTOR=$PWD
    envdoctor check --quiet "$@" </dev/null >&2 || code=$?
  else
    log_error "envdoctor is not on PATH"
    code=127
  fi
  if [[ -n $strict && $code != 0 ]]; then
    log_error "envdoctor found this environment not healthy, and \`use envdoctor --strict\` does not load it"
    exit "$code"
  fi
}
