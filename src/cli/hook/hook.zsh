# envdoctor looks at a project when you enter it: once in a shell, and again when a file that says what it needs has changed.
__envdoctor_hook() {
  local code=$?
  emulate -L zsh
  if [[ ${__envdoctor_folder-} != "$PWD" ]]; then
    typeset -g __envdoctor_folder=$PWD
    __envdoctor_enter
  fi
  return $code
}

__envdoctor_enter() {
  emulate -L zsh
  local root=$PWD seen
  # What stands in the home folder is no project of those below it.
  while [[ $root != "${HOME-}" && -n $root ]]; do
    [[ ! -f $root/envdoctor.yaml && ! -f $root/flake.nix && ! -f $root/mix.exs && ! -f $root/.tool-versions ]] || break
    root=${root%/*}
  done
  [[ $root != "${HOME-}" && -n $root ]] || return 0
  # `use envdoctor` in .envrc has just told.
  [[ ${USE_ENVDOCTOR-} != "$root" ]] || return 0
  whence -p envdoctor >/dev/null || return 0
  # Of regular files, and not without end: somebody else may have put anything there.
  seen=$(for file in envdoctor.yaml flake.nix mix.exs .tool-versions; do
    [[ ! -f $root/$file ]] || command head -c 1000000 "$root/$file"
  done 2>/dev/null | command cksum)
  seen="<$root ${seen% *}>"
  if [[ ${__envdoctor_seen-} != *"$seen"* ]]; then
    typeset -g __envdoctor_seen=${__envdoctor_seen-}$seen
    command envdoctor check --quiet </dev/null >&2
  fi
}

if [[ -o interactive ]]; then
  autoload -Uz add-zsh-hook
  add-zsh-hook precmd __envdoctor_hook
fi
